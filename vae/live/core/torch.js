// A model's parts in the letters of mathematics and in lines of PyTorch.

const MODULES = {
  linear: ({ in: ins, out }) => `nn.Linear(${ins}, ${out})`,
  conv2d: (layer) => `nn.Conv2d(${convolution(layer)})`,
  conv_transpose2d: (layer) => `nn.ConvTranspose2d(${convolution(layer)})`,
  silu: () => "nn.SiLU()", relu: () => "nn.ReLU()", tanh: () => "nn.Tanh()", sigmoid: () => "nn.Sigmoid()",
  flatten: () => "nn.Flatten()",
  unflatten: ({ shape }) => `nn.Unflatten(1, (${shape.join(", ")}))`,
  slice: ({ start, size }) => `Slice(${start}, ${start + size})`,
  upsample: ({ factor }) => `nn.Upsample(scale_factor=${factor})`,
  pixel_shuffle: ({ factor }) => `nn.PixelShuffle(${factor})`,
  layer_norm: ({ size }) => `nn.LayerNorm(${size})`,
  group_norm: ({ groups, channels }) => `nn.GroupNorm(${groups}, ${channels})`,
  residual: ({ layers }) => `Residual(${torchOf(layers)})`,
  noise: ({ given, layers }) => `Noise(${given}, ${torchOf(layers)})`,
};

const convolution = ({ in: ins, out, kernel, stride, padding }) => `${ins}, ${out}, ${kernel}, ${stride}, ${padding}`;

export const torchOf = (layers) => layers.map((layer) => MODULES[layer.op](layer)).join(", ");

const CONVOLVED = { conv2d: "conv(h)", conv_transpose2d: "convᵀ(h)", linear: "W h + b" };

// The formula of a stage: its layers around each other, without those that only reshape.
export function formulaOf(layers) {
  return layers.reduce((inner, { op, layers: own }) => {
    if (CONVOLVED[op]) return CONVOLVED[op].replace("h", inner);
    if (op === "residual") return `${inner} + ${formulaOf(own).replace(/\bh\b/, inner)}`;
    return MODULES[op] && !["flatten", "unflatten", "slice"].includes(op) ? `${op.replace("_", " ")}(${inner})` : inner;
  }, "h");
}

const LIKELIHOOD_LINES = {
  bernoulli: {
    image: ["x̂ = 1 / (1 + exp(−h))", "x_hat = h.sigmoid()"],
    distortion: ["−log p(x|z) = −Σ (x log x̂ + (1 − x) log(1 − x̂))",
      "distortion = F.binary_cross_entropy_with_logits(h, x, reduction=\"sum\")"],
  },
  gaussian: {
    image: ["x̂ = m(z), of p(x|z) = N(m, s²), rounded to 256 greys", "loc, log_scale = h.chunk(2, 1); x_hat = loc.clamp(0, 1)"],
    distortion: ["−log p(x|z) = −Σ log ∫ N(u; m, s²) du over x ± ½ grey level", "distortion = -Greys(loc, log_scale).log_prob(x).sum()"],
  },
};

// The lines of the model's parts that are no networks: {part: [formula, code]}.
export function linesOf({ code, likelihood }) {
  const { image, distortion } = LIKELIHOOD_LINES[likelihood];
  const coded = code.hasRate ? {
    mean: ["q(z|x) = N(μ(x), σ(x)²)", "mu, log_sigma = encoder(x).chunk(2, -1)"],
    scale: ["σ = exp(log σ), at least e⁻⁶", "sigma = (softplus(log_sigma + 6) - 6).exp()"],
    noise: ["ε standard normal", "eps = torch.randn_like(mu)"],
    code: ["z = μ + σ ε", "z = mu + sigma * eps"],
  } : { mean: ["z = μ(x), one point", "mu = encoder(x)"], code: ["z = μ", "z = mu"] };
  const price = code.hasRate ? { rate: code.isLearned
    ? ["log q(z|x) − log p(z)", "rate = q.log_prob(z).sum() - prior.log_prob(z)"]
    : code.hasChoice ? ["KL(q(z|x) ‖ p(z))", "rate = kl_divergence(q, p).sum()"]
      : ["KL(q ‖ p) = ½ Σ (μ² + σ² − 1 − log σ²)", "rate = 0.5 * (mu**2 + sigma**2 - 1 - 2 * sigma.log()).sum()"] } : {};
  return { ...coded, image, distortion, ...price,
    loss: code.hasRate ? ["−ELBO = rate + distortion", "loss = rate + distortion"] : ["distortion", "loss = distortion"] };
}
