/** The shell line that watches the same. */
export interface Filter {
  readonly host?: string;
  readonly only?: 'accepted' | 'rejected';
}

export function flowCommand(
  { lab, service }: { readonly lab: string; readonly service: string | null },
  { host, only }: Filter,
): string {
  return [
    'npx onsil flow',
    ...(service === lab ? [] : [`--lab ${lab}`]),
    ...(host === undefined ? [] : [host]),
    ...(only === undefined ? [] : [`--${only}`]),
  ].join(' ');
}
