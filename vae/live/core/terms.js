// The glossary: each term of the interface by one sentence and, where it has them, its formula and its moving
// picture (widgets/termpicture.js). `forms` are the words in which it stands in texts; those with a capital or of
// one letter only just so. All behind the `=` is JSON, which Python reads too.

export const TERMS = {
  "latent space": {
    "forms": ["latent space", "latent spaces"],
    "says": "The space of all codes: each place in it is a code, and the decoder draws a picture of any of them.",
    "formula": "z ∈ ℝᴰ"
  },
  "code": {
    "forms": ["code", "codes"],
    "says": "The few numbers, one for each latent dimension, by which the model describes a picture.",
    "formula": "z = (z₀, …, z_D₋₁)"
  },
  "dimension": {
    "forms": ["latent dimension", "latent dimensions", "dimension", "dimensions"],
    "says": "One number of a code; what it changes in the picture was learned and not chosen.",
    "formula": "zⱼ"
  },
  "encoder": {
    "forms": ["encoder"],
    "says": "The network that reads a picture and answers with the codes that fit it: a mean and a standard deviation for each dimension.",
    "formula": "q(z|x) = N(μ(x), σ²(x))"
  },
  "decoder": {
    "forms": ["decoder"],
    "says": "The network that draws the picture of a code: all that follows your hand is drawn by it.",
    "formula": "p(x|z)"
  },
  "VAE": {
    "forms": ["VAE", "variational autoencoder"],
    "says": "A variational autoencoder: an encoder to a distribution of codes, a decoder back to pictures, trained together on the ELBO.",
    "formula": "max E_q[log p(x|z)] − KL(q(z|x) ‖ p(z))"
  },
  "autoencoder": {
    "forms": ["autoencoder", "plain autoencoder"],
    "says": "A network that encodes a picture as one point, not a distribution, and decodes it: nothing says which codes are typical.",
    "formula": "x̂ = decode(encode(x))"
  },
  "posterior": {
    "forms": ["posterior", "posteriors"],
    "says": "The distribution of codes that the encoder gives for one picture: wide where it is unsure.",
    "formula": "q(z|x) = N(μ(x), σ²(x))",
    "moves": "cloud"
  },
  "prior": {
    "forms": ["prior"],
    "says": "What the model expects of codes before it has seen a picture; new pictures are decoded from codes drawn from it.",
    "formula": "p(z)"
  },
  "aggregate posterior": {
    "forms": ["aggregate posterior"],
    "says": "The posteriors of all pictures together: where codes really lie, which need not be where the prior expects them.",
    "formula": "q(z) = (1/n) Σᵢ q(z|xᵢ)"
  },
  "N(0, I)": {
    "forms": ["N(0, I)", "N(0, 1)"],
    "says": "The standard normal distribution: each number has mean 0 and standard deviation 1, and none depends on another.",
    "formula": "p(z) = (2π)^(−D/2) exp(−‖z‖²/2)"
  },
  "Gaussian": {
    "forms": ["Gaussian", "Gaussians"],
    "says": "The bell-shaped distribution that a mean and a standard deviation define.",
    "formula": "N(x; m, s²) = exp(−(x − m)²/2s²) / √(2πs²)"
  },
  "mixture": {
    "forms": ["mixture"],
    "says": "A weighted sum of several distributions, here of Gaussians.",
    "formula": "p(z) = Σₖ wₖ N(z; mₖ, sₖ²)"
  },
  "VampPrior": {
    "forms": ["VampPrior"],
    "says": "A learned prior: the mean of the posteriors of inputs that were learned as well (Tomczak and Welling, 2018).",
    "formula": "p(z) = (1/K) Σₖ q(z|uₖ)"
  },
  "μ": {
    "forms": ["μ"],
    "says": "The mean of the posterior: the code in the middle of those that fit the picture.",
    "formula": "μ(x)"
  },
  "σ": {
    "forms": ["σ"],
    "says": "A standard deviation: how wide a distribution is, be it a posterior, the prior or the noise of a pixel.",
    "formula": "σ² = E[(z − μ)²]"
  },
  "ε": {
    "forms": ["ε"],
    "says": "Noise from N(0, 1), one number for each dimension: the only dice in the model, and outside its networks.",
    "formula": "z = μ + σ ε, ε ~ N(0, I)",
    "moves": "slide"
  },
  "reparameterization": {
    "forms": ["reparameterization", "reparameterization trick"],
    "says": "A sample written as mean plus standard deviation times noise, so that gradients pass through it to the encoder.",
    "formula": "z = μ + σ ε",
    "moves": "slide"
  },
  "reconstruction": {
    "forms": ["reconstruction", "reconstructions"],
    "says": "What the decoder draws of a picture's own code.",
    "formula": "x̂ = decode(z), z ~ q(z|x)"
  },
  "sample": {
    "forms": ["sample", "samples"],
    "says": "What is drawn at random from a distribution: a code, and the picture decoded from it.",
    "formula": "z ~ p(z), x ~ p(x|z)"
  },
  "likelihood": {
    "forms": ["likelihood", "likelihoods"],
    "says": "The distribution of pixels that the decoder gives for a code; its form says what an error of a pixel costs.",
    "formula": "p(x|z)"
  },
  "negative log-likelihood": {
    "forms": ["negative log-likelihood", "NLL"],
    "says": "How improbable pictures are under the model, in nats, estimated with many codes for each; less is better.",
    "formula": "−log p(x) = −log ∫ p(x|z) p(z) dz"
  },
  "EM": {
    "forms": ["EM"],
    "says": "Expectation maximization: find each picture's posterior, then the best model for these, and again; no step makes the pictures less probable.",
    "formula": "E: q(z) = p(z|x)   M: max E_q[log p(x, z)]"
  },
  "probabilistic PCA": {
    "forms": ["probabilistic PCA", "Probabilistic PCA"],
    "says": "A VAE whose decoder is linear, with one noise for all pixels: its best weights and its posterior have a closed form.",
    "formula": "x = W z + μ + s ε"
  },
  "ELBO": {
    "forms": ["−ELBO", "ELBO"],
    "says": "The evidence lower bound: a picture's log-probability is at least this, and training raises it.",
    "formula": "ELBO = E_q[log p(x|z)] − KL(q(z|x) ‖ p(z)) ≤ log p(x)"
  },
  "KL": {
    "forms": ["KL divergence", "KL"],
    "says": "How far one distribution is from another, in nats: 0 where they are the same.",
    "formula": "KL(q ‖ p) = E_q[log q(z) − log p(z)]",
    "moves": "bells"
  },
  "rate": {
    "forms": ["rate", "rates"],
    "says": "What a code costs, in nats: how far its posterior is from the prior.",
    "formula": "KL(q(z|x) ‖ p(z))",
    "moves": "bells"
  },
  "distortion": {
    "forms": ["distortion"],
    "says": "What the pixels cost once the code is known, in nats: the error of the reconstruction, as the likelihood prices it.",
    "formula": "−E_q[log p(x|z)]"
  },
  "β": {
    "forms": ["β"],
    "says": "The weight of the rate in training: a large one saves on codes and blurs pictures, a small one does the reverse.",
    "formula": "distortion + β · rate"
  },
  "β-VAE": {
    "forms": ["β-VAE"],
    "says": "A VAE trained with a weight β of the rate other than 1 (Higgins et al., 2017).",
    "formula": "distortion + β · rate"
  },
  "nat": {
    "forms": ["nats", "nat"],
    "says": "The unit of information with the natural logarithm: 1 nat is 1.44 bits.",
    "formula": "−log p"
  },
  "bit": {
    "forms": ["bits", "bit"],
    "says": "The unit of information: a bit is the answer to one question of yes or no.",
    "formula": "−log₂ p"
  },
  "bits back": {
    "forms": ["bits back", "got back"],
    "says": "The bits that choose among the codes that fit a picture: taken from the pictures before it, and returned when it is restored.",
    "formula": "code − got back + pixels = −ELBO"
  },
  "surprise": {
    "forms": ["surprise"],
    "says": "What a picture costs the model in nats, less the picture's own entropy.",
    "formula": "rate + distortion − H(x)"
  },
  "entropy": {
    "forms": ["entropy"],
    "says": "How undecided a distribution is, in nats: for a grey pixel that of a coin which is white as often as the grey says.",
    "formula": "H(x) = −Σ x log x + (1 − x) log(1 − x)"
  },
  "active units": {
    "forms": ["active units", "active dimensions", "active"],
    "says": "The dimensions whose mean changes from picture to picture; the others have collapsed to the prior and say nothing.",
    "formula": "Var(μⱼ(x)) > 0.01"
  },
  "typical": {
    "forms": ["typical"],
    "says": "Like codes that the prior draws, or like pictures that the model was trained on: not far out."
  },
  "percentile": {
    "forms": ["percentile"],
    "says": "The share of all others that lie below this one, in per cent."
  },
  "refine": {
    "forms": ["Refine", "refining"],
    "says": "A search for a better posterior of this one picture, from the encoder's answer on.",
    "formula": "max over μ, σ of the ELBO"
  },
  "amortized inference": {
    "forms": ["amortized inference"],
    "says": "One network that answers for every picture at once, in place of a search for each; what that costs in nats is the amortization gap.",
    "formula": "ELBO(best q) − ELBO(q(z|x))"
  },
  "held-out example": {
    "forms": ["held-out examples", "held-out example", "held-out pictures", "held-out picture", "held-out ones"],
    "says": "A picture of the data set that the model was not trained on."
  },
  "nearest example": {
    "forms": ["nearest examples", "nearest example"],
    "says": "A held-out example whose code lies next to this one.",
    "formula": "min ‖z − μ(xᵢ)‖"
  },
  "temperature": {
    "forms": ["temperature"],
    "says": "A factor of the standard deviation with which codes are drawn: below 1 pictures are more alike, above 1 stranger.",
    "formula": "z = T ε",
    "moves": "temperature"
  },
  "seed": {
    "forms": ["seed"],
    "says": "The number that random numbers are computed from: the same seed gives the same pictures again."
  },
  "unconditional": {
    "forms": ["unconditional"],
    "says": "Not told the class of a picture, neither in training nor when it draws one.",
    "formula": "p(x), not p(x|y)"
  },
  "UMAP": {
    "forms": ["UMAP"],
    "says": "A map that keeps neighbours together: near points are similar codes, while distances between groups mean little."
  },
  "PCA": {
    "forms": ["PCA"],
    "says": "A map on the two directions in which codes vary most, its principal components PC 1 and PC 2; it is a shadow of the codes.",
    "formula": "(z − z̄) · vₖ"
  },
  "PC": {
    "forms": ["PC"],
    "says": "A principal component: the direction in which codes vary most, and each next one at right angles to those before.",
    "formula": "(z − z̄) · vₖ"
  },
  "origin": {
    "forms": ["origin"],
    "says": "The code whose numbers are all zero: the middle of N(0, I).",
    "formula": "z = 0"
  },
  "straight line": {
    "forms": ["straight line"],
    "says": "A path that mixes two codes evenly; its middle may lie nearer to the origin than both ends.",
    "formula": "z(t) = (1 − t) z₀ + t z₁",
    "moves": "paths"
  },
  "slerp": {
    "forms": ["slerp"],
    "says": "Spherical interpolation: a path that turns about the origin and keeps its distance from there (Shoemake, 1985).",
    "formula": "z(t) = (sin((1 − t) ω) z₀ + sin(t ω) z₁) / sin ω",
    "moves": "paths"
  },
  "geodesic": {
    "forms": ["geodesic"],
    "says": "The path between two codes on which the decoded picture changes least.",
    "formula": "min ∫ ‖d decode(z(t))/dt‖ dt"
  },
  "through the data": {
    "forms": ["through the data"],
    "says": "A path from example to example, the shortest on the graph of nearest neighbours."
  },
  "pixel blend": {
    "forms": ["pixel blend"],
    "says": "No path of codes: one picture fades into the other, for comparison.",
    "formula": "x(t) = (1 − t) x₀ + t x₁"
  },
  "traversal": {
    "forms": ["traversal", "traversals"],
    "says": "Pictures of one code, of which a single dimension changes.",
    "formula": "z + t eⱼ"
  },
  "direction": {
    "forms": ["a direction"],
    "says": "A difference of codes, which adds the same change to any picture.",
    "formula": "z + t d"
  },
  "analogy": {
    "forms": ["analogy", "analogies", "is to"],
    "says": "What changes from A to B, applied to C.",
    "formula": "z = z_C + z_B − z_A"
  },
  "cosine": {
    "forms": ["cosine"],
    "says": "How far two directions agree: 1 the same, 0 at right angles, −1 opposite.",
    "formula": "a · b / (‖a‖ ‖b‖)"
  },
  "AUC": {
    "forms": ["AUC"],
    "says": "The area under the ROC curve: the chance that of two pictures, one of each kind, the right one has the higher score; 0.5 is guessing.",
    "formula": "P(s₁ > s₀)"
  },
  "ROC": {
    "forms": ["ROC"],
    "says": "The receiver operating characteristic: the curve of what is caught against false alarms as the threshold moves."
  },
  "false alarm": {
    "forms": ["false alarms", "false alarm", "false-alarm rate"],
    "says": "A normal picture that is flagged.",
    "formula": "P(score > threshold | normal)"
  },
  "threshold": {
    "forms": ["threshold"],
    "says": "The score above which a picture is flagged.",
    "moves": "threshold"
  },
  "conformal": {
    "forms": ["Split-conformal", "conformal"],
    "says": "Of a threshold: set on normal pictures that nothing was trained on, so that its rate of false alarms holds for any distribution.",
    "formula": "rank ⌈(n + 1)(1 − α)⌉ of n scores"
  },
  "disentanglement": {
    "forms": ["disentanglement"],
    "says": "How far each dimension stands for one thing that varies in the pictures, and each such thing for one dimension."
  },
  "DCI": {
    "forms": ["DCI"],
    "says": "A score of disentanglement: how far each dimension matters to one factor alone (Eastwood and Williams, 2018)."
  },
  "FactorVAE": {
    "forms": ["FactorVAE"],
    "says": "A score of disentanglement: how often the dimension that varies least names the factor that was held fixed (Kim and Mnih, 2018)."
  },
  "MIG": {
    "forms": ["MIG"],
    "says": "The mutual information gap, a score of disentanglement: how much better the best dimension knows a factor than the second best (Chen et al., 2018)."
  },
  "SAP": {
    "forms": ["SAP"],
    "says": "A score of disentanglement: how much better the best dimension predicts a factor than the second best (Kumar et al., 2018)."
  },
  "MNIST": {
    "forms": ["MNIST"],
    "says": "A data set of 70,000 handwritten digits (LeCun et al., 1998)."
  }
};
