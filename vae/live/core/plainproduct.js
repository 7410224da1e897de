// The product of kernel.wat in plain JavaScript, in blocks of 4 x 4. `memory` is that of plain.js; in
// here addresses count numbers, not bytes.

const block = new Float32Array(16); // four rows of C at four places

export function product(memory, a, m, k, b, offsets, bPanel, bRow, c, cPlane, cRow, cStep, height, width) {
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u += 4) {
      const place = ((b + v * bRow + (u >> 3) * bPanel) >> 2) + (u & 4);
      const to = (c + v * cRow + u * cStep) >> 2;
      column(memory, a >> 2, m, k, place, offsets >> 2, to, cPlane >> 2, cStep >> 2, Math.min(4, width - u));
    }
  }
}

// All m rows of C at four places, of which `left` are wanted.
function column(memory, a, m, k, place, offsets, to, plane, step, left) {
  const { f } = memory;
  for (let o = 0; o < m; o += 4, to += 4 * plane) {
    const whole = m - o >= 4;
    if (whole) four(memory, a + o * k, k, place, offsets);
    else rest(memory, a + o * k, m - o, k, place, offsets);
    for (let r = 0; r < Math.min(4, m - o); r++) {
      for (let j = 0; j < left; j++) f[to + r * plane + j * step] = block[4 * r + j];
    }
  }
}

function four({ f: x, w: at }, a, k, place, offsets) {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
  for (let i = 0; i < k; i++, a += 4) {
    const b = place + (at[offsets + i] >> 2);
    const b0 = x[b], b1 = x[b + 1], b2 = x[b + 2], b3 = x[b + 3];
    let s = x[a];
    c00 += s * b0; c01 += s * b1; c02 += s * b2; c03 += s * b3;
    s = x[a + 1];
    c10 += s * b0; c11 += s * b1; c12 += s * b2; c13 += s * b3;
    s = x[a + 2];
    c20 += s * b0; c21 += s * b1; c22 += s * b2; c23 += s * b3;
    s = x[a + 3];
    c30 += s * b0; c31 += s * b1; c32 += s * b2; c33 += s * b3;
  }
  block[0] = c00; block[1] = c01; block[2] = c02; block[3] = c03;
  block[4] = c10; block[5] = c11; block[6] = c12; block[7] = c13;
  block[8] = c20; block[9] = c21; block[10] = c22; block[11] = c23;
  block[12] = c30; block[13] = c31; block[14] = c32; block[15] = c33;
}

function rest({ f, w }, a, rows, k, place, offsets) {
  for (let r = 0; r < rows; r++, a += k) {
    let c0 = 0, c1 = 0, c2 = 0, c3 = 0;
    for (let i = 0; i < k; i++) {
      const b = place + (w[offsets + i] >> 2), s = f[a + i];
      c0 += s * f[b]; c1 += s * f[b + 1]; c2 += s * f[b + 2]; c3 += s * f[b + 3];
    }
    block[4 * r] = c0; block[4 * r + 1] = c1; block[4 * r + 2] = c2; block[4 * r + 3] = c3;
  }
}
