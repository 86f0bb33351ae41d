/** Looks at a page from within; the browser is sent this text. Answers what the test calls `Measured`. */
(() => {
  const colourOf = (text) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, text === 'none' ? 0 : alpha];
  };
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrastOf = (one, other) => {
    if (one[3] === 0) return 1;
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    if (element === null) return [255, 255, 255, 1];
    const colour = colourOf(getComputedStyle(element).backgroundColor);
    return colour[3] > 0 ? colour : behind(element.parentElement);
  };
  const boxOf = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + scrollX, y: y + scrollY, width, height };
  };
  const isShown = (element) => boxOf(element).width > 0 && element.closest('title') === null;
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
  /** Once for each pair of colours. */
  const contrasts = (elements, property) => {
    const found = new Map();
    for (const element of elements) {
      const colour = getComputedStyle(element)[property(element)];
      const ground = behind(element);
      const name = `${element.tagName}.${element.getAttribute('class') ?? ''}`;
      const text = `${name}: ${element.textContent.slice(0, 40)}`;
      found.set(`${name} ${colour} ${ground}`, { text, contrast: contrastOf(colourOf(colour), ground) });
    }
    return [...found.values()];
  };
  /** Of what a plot is made of; what stands behind it is no part. */
  const coloursOf = (plot) => {
    const shapes = [...plot.querySelectorAll('rect:not(.track), circle')];
    return [...new Set(shapes.map((shape) => getComputedStyle(shape).fill))].map((fill) => colourOf(fill).slice(0, 3));
  };
  const all = [...document.body.querySelectorAll('*')];
  const { clientWidth, scrollWidth } = document.documentElement;
  return {
    scrollWidth,
    background: behind(document.body).slice(0, 3),
    outside: all
      .filter((element) => isShown(element) && element.closest('.scroll, .wide') === null)
      .filter((element) => boxOf(element).x + boxOf(element).width > clientWidth + 1)
      .map((element) => `${element.tagName}: ${element.textContent.slice(0, 60)}`),
    texts: contrasts(
      all.filter((element) => isShown(element) && hasText(element)),
      (element) => (element.closest('svg') === null ? 'color' : 'fill'),
    ),
    shapes: contrasts([...document.querySelectorAll('rect:not(.track), circle')], () => 'fill'),
    plots: [...document.querySelectorAll('figure > svg')].map((plot) => ({
      name: plot.getAttribute('aria-label').slice(0, 60),
      ...boxOf(plot),
      colours: coloursOf(plot),
    })),
  };
})();
