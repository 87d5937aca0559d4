/** Puts a slider beside each number that has bounds; the number stays what is sent. */
export function addSliders(form: HTMLFormElement): void {
  for (const number of form.querySelectorAll<HTMLInputElement>('input[type=number][data-slider]')) {
    const slider = document.createElement('input');
    slider.type = 'range';
    slider.min = number.min;
    slider.max = number.max;
    slider.step = number.step;
    slider.value = number.value === '' ? number.placeholder : number.value;
    slider.setAttribute('aria-label', number.labels?.[0]?.textContent ?? '');
    slider.addEventListener('input', () => {
      number.value = slider.value;
    });
    number.addEventListener('input', () => {
      if (number.value !== '') slider.value = number.value;
    });
    number.after(slider);
  }
}
