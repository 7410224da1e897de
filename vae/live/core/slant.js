// How far a drawing leans, in degrees: to the right positive, upright 0. The shear that would set its ink upright,
// from the ink's second moments, as handwriting is straightened.
//
// Gradient-Based Learning Applied to Document Recognition (LeCun et al., 1998), of the moments

// Of a picture's first channel, light on a dark ground.
export function slantOf(pixels, [, height, width]) {
  const ink = pixels.subarray(0, height * width);
  let sum = 0, sumX = 0, sumY = 0, xy = 0, yy = 0;
  ink.forEach((v, i) => {
    sum += v;
    sumX += v * (i % width);
    sumY += v * Math.floor(i / width);
  });
  if (sum === 0) return 0;
  const middle = [sumX / sum, sumY / sum];
  ink.forEach((v, i) => {
    const x = i % width - middle[0], y = Math.floor(i / width) - middle[1];
    xy += v * x * y;
    yy += v * y * y;
  });
  return yy === 0 ? 0 : -180 / Math.PI * Math.atan(xy / yy);
}
