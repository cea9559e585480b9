/** They have a shell and packets, and nothing that a template says of them. */
export const OUTSIDE = ['admin', 'internet'] as const;
export type Outside = (typeof OUTSIDE)[number];

export const isOutside = (name: string): name is Outside => OUTSIDE.some((each) => each === name);
