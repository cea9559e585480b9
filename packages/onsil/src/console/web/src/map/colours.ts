/** The colours of security groups. */
const COLOURS = [
  ...['#2563eb', '#db2777', '#d97706', '#059669', '#7c3aed', '#dc2626', '#0891b2', '#65a30d'],
  ...['#c026d3', '#475569'],
];

export const colourOf = (index: number): string => COLOURS[index % COLOURS.length] ?? '';
