;; What networks are made of, in WebAssembly SIMD. All addresses and steps are in bytes; all numbers
;; are 32-bit floats. The one engine beside it is plain.js: the same operations in the same order,
;; so that both give the same bits, in every browser and in wasmtime (no relaxed SIMD).
;;
;; `tests/test_kernel.py` assembles this text and compares the bytes with kernel.js. To renew them:
;;
;;     python -m tests.test_kernel

(module
  ;; Bytes 0 to 31 hold eight numbers on their way; what a network needs begins at 64.
  (memory (export "memory") 1)

  ;; ---- The matrix product: C = A B
  ;;
  ;; A (m x k) lies packed by four rows: k groups of four numbers, one of each row, and after the
  ;; last whole four the remaining rows one after the other.
  ;;
  ;; B is never copied together. Its columns are the places of a picture, `height` rows of `width`,
  ;; and the entry of row i of B at a place is `offsets[i]` bytes from that place. So the offsets
  ;; alone say whether B is a dense layer's weight or a convolution's view of its input. Eight
  ;; places next to each other are a panel; `bPanel` lies between two of them, `bRow` between rows.
  ;;
  ;;            8 places           An accumulator holds four numbers, a block 4 x 8 of them: for
  ;;            b0   b1            each i, four numbers of A are each spread over a register
  ;;        a   c00  c01           (load32_splat) and multiplied with two registers of B.
  ;;        a   c10  c11
  ;;        a   c20  c21           Every number of C is a sum in the order of i, alone or in a
  ;;        a   c30  c31           block: a batch and its members have the same bits.
  ;;
  ;; C has `cPlane` from row to row; within one, `cRow` and `cStep` from place to place.
  (func (export "product")
    (param $a i32) (param $m i32) (param $k i32)
    (param $b i32) (param $offsets i32) (param $bPanel i32) (param $bRow i32)
    (param $c i32) (param $cPlane i32) (param $cRow i32) (param $cStep i32)
    (param $height i32) (param $width i32)
    (local $left i32) (local $panel i32) (local $to i32)
    (loop $rows
      (local.set $left (local.get $width))
      (local.set $panel (local.get $b))
      (local.set $to (local.get $c))
      (loop $panels
        (call $column (local.get $a) (local.get $m) (local.get $k)
          (local.get $panel) (local.get $offsets)
          (local.get $to) (local.get $cPlane) (local.get $cStep) (local.get $left))
        (local.set $panel (i32.add (local.get $panel) (local.get $bPanel)))
        (local.set $to (i32.add (local.get $to) (i32.shl (local.get $cStep) (i32.const 3))))
        (br_if $panels (i32.gt_s
          (local.tee $left (i32.sub (local.get $left) (i32.const 8))) (i32.const 0))))
      (local.set $b (i32.add (local.get $b) (local.get $bRow)))
      (local.set $c (i32.add (local.get $c) (local.get $cRow)))
      (br_if $rows (local.tee $height (i32.sub (local.get $height) (i32.const 1))))))

  ;; All m rows of C at one panel, of which `left` places are wanted.
  (func $column
    (param $a i32) (param $m i32) (param $k i32) (param $panel i32) (param $offsets i32)
    (param $to i32) (param $plane i32) (param $step i32) (param $left i32)
    (local $size i32) (local $end i32)
    (local.set $size (i32.shl (local.get $k) (i32.const 2)))  ;; bytes of a row of A
    (local.set $end (i32.add (local.get $offsets) (local.get $size)))
    (block $done
      (loop $fours
        (br_if $done (i32.lt_s (local.get $m) (i32.const 4)))
        (call $four (local.get $a) (local.get $panel) (local.get $offsets) (local.get $end)
          (local.get $to) (local.get $plane) (local.get $step) (local.get $left))
        (local.set $a (i32.add (local.get $a) (i32.shl (local.get $size) (i32.const 2))))
        (local.set $to (i32.add (local.get $to) (i32.shl (local.get $plane) (i32.const 2))))
        (local.set $m (i32.sub (local.get $m) (i32.const 4)))
        (br $fours)))
    (block $done
      (loop $ones
        (br_if $done (i32.eqz (local.get $m)))
        (call $one (local.get $a) (local.get $panel) (local.get $offsets) (local.get $end)
          (local.get $to) (local.get $step) (local.get $left))
        (local.set $a (i32.add (local.get $a) (local.get $size)))
        (local.set $to (i32.add (local.get $to) (local.get $plane)))
        (local.set $m (i32.sub (local.get $m) (i32.const 1)))
        (br $ones))))

  (func $four
    (param $a i32) (param $panel i32) (param $offset i32) (param $end i32)
    (param $to i32) (param $plane i32) (param $step i32) (param $left i32)
    (local $at i32) (local $s v128) (local $b0 v128) (local $b1 v128)
    (local $c00 v128) (local $c01 v128) (local $c10 v128) (local $c11 v128)
    (local $c20 v128) (local $c21 v128) (local $c30 v128) (local $c31 v128)
    (loop $sum
      (local.set $at (i32.add (local.get $panel) (i32.load (local.get $offset))))
      (local.set $b0 (v128.load (local.get $at)))
      (local.set $b1 (v128.load offset=16 (local.get $at)))
      (local.set $s (v128.load32_splat (local.get $a)))
      (local.set $c00 (f32x4.add (local.get $c00) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c01 (f32x4.add (local.get $c01) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load32_splat offset=4 (local.get $a)))
      (local.set $c10 (f32x4.add (local.get $c10) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c11 (f32x4.add (local.get $c11) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load32_splat offset=8 (local.get $a)))
      (local.set $c20 (f32x4.add (local.get $c20) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c21 (f32x4.add (local.get $c21) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load32_splat offset=12 (local.get $a)))
      (local.set $c30 (f32x4.add (local.get $c30) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c31 (f32x4.add (local.get $c31) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (br_if $sum (i32.lt_u
        (local.tee $offset (i32.add (local.get $offset) (i32.const 4))) (local.get $end))))
    (call $put (local.get $to) (local.get $step) (local.get $left) (local.get $c00) (local.get $c01))
    (local.set $to (i32.add (local.get $to) (local.get $plane)))
    (call $put (local.get $to) (local.get $step) (local.get $left) (local.get $c10) (local.get $c11))
    (local.set $to (i32.add (local.get $to) (local.get $plane)))
    (call $put (local.get $to) (local.get $step) (local.get $left) (local.get $c20) (local.get $c21))
    (local.set $to (i32.add (local.get $to) (local.get $plane)))
    (call $put (local.get $to) (local.get $step) (local.get $left) (local.get $c30) (local.get $c31)))

  (func $one
    (param $a i32) (param $panel i32) (param $offset i32) (param $end i32)
    (param $to i32) (param $step i32) (param $left i32)
    (local $at i32) (local $s v128) (local $c0 v128) (local $c1 v128)
    (loop $sum
      (local.set $at (i32.add (local.get $panel) (i32.load (local.get $offset))))
      (local.set $s (v128.load32_splat (local.get $a)))
      (local.set $c0 (f32x4.add (local.get $c0)
        (f32x4.mul (local.get $s) (v128.load (local.get $at)))))
      (local.set $c1 (f32x4.add (local.get $c1)
        (f32x4.mul (local.get $s) (v128.load offset=16 (local.get $at)))))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (br_if $sum (i32.lt_u
        (local.tee $offset (i32.add (local.get $offset) (i32.const 4))) (local.get $end))))
    (call $put (local.get $to) (local.get $step) (local.get $left) (local.get $c0) (local.get $c1)))

  ;; Eight numbers, or the `left` that are wanted, to places `step` apart.
  (func $put (param $to i32) (param $step i32) (param $left i32) (param $c0 v128) (param $c1 v128)
    (local $from i32)
    (if (i32.and (i32.ge_s (local.get $left) (i32.const 8)) (i32.eq (local.get $step) (i32.const 4)))
      (then
        (v128.store (local.get $to) (local.get $c0))
        (v128.store offset=16 (local.get $to) (local.get $c1)))
      (else
        (v128.store (i32.const 0) (local.get $c0))
        (v128.store offset=16 (i32.const 0) (local.get $c1))
        (local.set $left (i32.shl
          (select (local.get $left) (i32.const 8) (i32.lt_s (local.get $left) (i32.const 8)))
          (i32.const 2)))
        (loop $each
          (f32.store (local.get $to) (f32.load (local.get $from)))
          (local.set $to (i32.add (local.get $to) (local.get $step)))
          (br_if $each (i32.lt_u
            (local.tee $from (i32.add (local.get $from) (i32.const 4))) (local.get $left)))))))

  ;; ---- Moving: planes x rows x width numbers from one arrangement to another.
  (func (export "move")
    (param $from i32) (param $fromPlane i32) (param $fromRow i32) (param $fromStep i32)
    (param $to i32) (param $toPlane i32) (param $toRow i32) (param $toStep i32)
    (param $planes i32) (param $rows i32) (param $width i32)
    (local $x i32) (local $y i32) (local $row i32) (local $left i32)
    (loop $plane
      (local.set $x (local.get $from))
      (local.set $y (local.get $to))
      (local.set $row (local.get $rows))
      (loop $row
        (call $line (local.get $x) (local.get $fromStep) (local.get $y) (local.get $toStep)
          (local.get $width))
        (local.set $x (i32.add (local.get $x) (local.get $fromRow)))
        (local.set $y (i32.add (local.get $y) (local.get $toRow)))
        (br_if $row (local.tee $row (i32.sub (local.get $row) (i32.const 1)))))
      (local.set $from (i32.add (local.get $from) (local.get $fromPlane)))
      (local.set $to (i32.add (local.get $to) (local.get $toPlane)))
      (br_if $plane (local.tee $planes (i32.sub (local.get $planes) (i32.const 1))))))

  (func $line
    (param $x i32) (param $xStep i32) (param $y i32) (param $yStep i32) (param $n i32)
    (if (i32.eq (i32.or (local.get $xStep) (local.get $yStep)) (i32.const 4))
      (then (loop $fours
        (if (i32.ge_s (local.get $n) (i32.const 4)) (then
          (v128.store (local.get $y) (v128.load (local.get $x)))
          (local.set $x (i32.add (local.get $x) (i32.const 16)))
          (local.set $y (i32.add (local.get $y) (i32.const 16)))
          (local.set $n (i32.sub (local.get $n) (i32.const 4)))
          (br $fours))))))
    (loop $ones
      (if (local.get $n) (then
        (f32.store (local.get $y) (f32.load (local.get $x)))
        (local.set $x (i32.add (local.get $x) (local.get $xStep)))
        (local.set $y (i32.add (local.get $y) (local.get $yStep)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $ones)))))

  ;; ---- Number by number, four at a time: memory is laid out in fours, so that a last incomplete
  ;; four touches only what belongs to nobody. Each writes y[i] = f(x[i]) and may have y = x.
  (func (export "add") (param $x i32) (param $y i32) (param $to i32) (param $n i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (i32.shl (local.get $n) (i32.const 2))))
    (loop $fours
      (v128.store (local.get $to)
        (f32x4.add (v128.load (local.get $x)) (v128.load (local.get $y))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (br_if $fours (i32.lt_u
        (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $end)))))

  (func (export "relu") (param $x i32) (param $y i32) (param $n i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $y) (i32.shl (local.get $n) (i32.const 2))))
    (loop $fours
      (v128.store (local.get $y)
        (f32x4.max (v128.load (local.get $x)) (v128.const f32x4 0 0 0 0)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $fours (i32.lt_u
        (local.tee $y (i32.add (local.get $y) (i32.const 16))) (local.get $end)))))

  ;; y = (alpha + beta x) sigmoid(gamma x) + delta: the sigmoid itself is (1, 0, 1, 0), silu
  ;; (0, 1, 1, 0), tanh (2, 0, 2, -1).
  ;;
  ;; e^v = 2^n e^r with n the whole number nearest to v / ln 2, so that |r| <= ln 2 / 2. Adding
  ;; 1.5 * 2^23 leaves n in the lowest bits, from where a shift brings it into the exponent. ln 2
  ;; is taken off in two parts, the first exact. The polynomial is that of expf in Cephes (Moshier,
  ;; 1992): two units in the last place. Beyond +-87 the result stays where floats end.
  (func (export "gate") (param $x i32) (param $y i32) (param $n i32)
    (param $alpha f32) (param $beta f32) (param $gamma f32) (param $delta f32)
    (local $end i32) (local $v v128) (local $t v128) (local $r v128) (local $p v128)
    (local.set $end (i32.add (local.get $y) (i32.shl (local.get $n) (i32.const 2))))
    (loop $fours
      (local.set $v (f32x4.mul (v128.load (local.get $x)) (f32x4.splat (f32.neg (local.get $gamma)))))
      (local.set $v (f32x4.pmin (v128.const f32x4 87 87 87 87)
        (f32x4.pmax (v128.const f32x4 -87 -87 -87 -87) (local.get $v))))
      (local.set $t (f32x4.add (v128.const f32x4 12582912 12582912 12582912 12582912)
        (f32x4.mul (local.get $v)
          (v128.const f32x4 1.44269504 1.44269504 1.44269504 1.44269504))))
      (local.set $r (f32x4.sub (local.get $t)
        (v128.const f32x4 12582912 12582912 12582912 12582912)))
      (local.set $v (f32x4.sub (local.get $v) (f32x4.mul (local.get $r)
        (v128.const f32x4 0.693359375 0.693359375 0.693359375 0.693359375))))
      (local.set $r (f32x4.add (local.get $v) (f32x4.mul (local.get $r)
        (v128.const f32x4 2.12194440e-4 2.12194440e-4 2.12194440e-4 2.12194440e-4))))
      (local.set $p
        (v128.const f32x4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
        (v128.const f32x4 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
        (v128.const f32x4 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
        (v128.const f32x4 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
        (v128.const f32x4 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
        (v128.const f32x4 0.5 0.5 0.5 0.5)))
      (local.set $p (f32x4.add (f32x4.add (v128.const f32x4 1 1 1 1) (local.get $r))
        (f32x4.mul (local.get $p) (f32x4.mul (local.get $r) (local.get $r)))))
      (local.set $p (i32x4.add (local.get $p) (i32x4.shl (local.get $t) (i32.const 23))))
      (v128.store (local.get $y) (f32x4.add (f32x4.splat (local.get $delta)) (f32x4.div
        (f32x4.add (f32x4.splat (local.get $alpha))
          (f32x4.mul (f32x4.splat (local.get $beta)) (v128.load (local.get $x))))
        (f32x4.add (v128.const f32x4 1 1 1 1) (local.get $p)))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $fours (i32.lt_u
        (local.tee $y (i32.add (local.get $y) (i32.const 16))) (local.get $end)))))

  ;; ---- Normalisation. The sum and the sum of squares of n numbers, to two 64-bit floats at
  ;; `sums`: even and odd places apart, then together.
  (func (export "moments") (param $x i32) (param $n i32) (param $sums i32)
    (local $v v128) (local $s v128) (local $q v128) (local $end i32)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $n) (i32.const 2))))
    (loop $twos
      (local.set $v (f64x2.promote_low_f32x4
        (if (result v128) (i32.eq (i32.sub (local.get $end) (local.get $x)) (i32.const 4))
          (then (v128.load32_zero (local.get $x)))
          (else (v128.load64_zero (local.get $x))))))
      (local.set $s (f64x2.add (local.get $s) (local.get $v)))
      (local.set $q (f64x2.add (local.get $q) (f64x2.mul (local.get $v) (local.get $v))))
      (br_if $twos (i32.lt_u
        (local.tee $x (i32.add (local.get $x) (i32.const 8))) (local.get $end))))
    (f64.store (local.get $sums) (f64.add
      (f64x2.extract_lane 0 (local.get $s)) (f64x2.extract_lane 1 (local.get $s))))
    (f64.store offset=8 (local.get $sums) (f64.add
      (f64x2.extract_lane 0 (local.get $q)) (f64x2.extract_lane 1 (local.get $q)))))

  ;; x[i] = x[i] scale + shift, for n numbers and no more.
  (func (export "affine") (param $x i32) (param $n i32) (param $scale f32) (param $shift f32)
    (local $end i32)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $n) (i32.const 2))))
    (loop $fours
      (if (i32.ge_s (i32.sub (local.get $end) (local.get $x)) (i32.const 16)) (then
        (v128.store (local.get $x) (f32x4.add (f32x4.splat (local.get $shift))
          (f32x4.mul (f32x4.splat (local.get $scale)) (v128.load (local.get $x)))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br $fours))))
    (loop $ones
      (if (i32.lt_u (local.get $x) (local.get $end)) (then
        (f32.store (local.get $x) (f32.add (local.get $shift)
          (f32.mul (local.get $scale) (f32.load (local.get $x)))))
        (local.set $x (i32.add (local.get $x) (i32.const 4)))
        (br $ones))))))
