// What every file that a page saves says of itself: the model, its weights, and the link that
// reopens the page as it was.

export function about({ card, data }, link) {
  return { format: 1, model: data.model, weights: card.files["weights.safetensors"], link };
}
