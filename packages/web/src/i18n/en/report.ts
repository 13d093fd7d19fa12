/** The page of reports. */
export const report = {
  title: 'Report',
  of: 'Of which time',
  periods: { week: 'Last week', day: 'Yesterday', month: 'Last month', span: 'Time of the pages' },
  print: 'Print',
  open: 'Open by itself',
  save: 'Save',
  making: 'The report is being made …',
  failed: (why: string) => `The report cannot be made: ${why}`,
  help: 'Printing makes PDF, too; `weir report --format pdf` does where the machine has a browser.',
  scheduled: 'Made by themselves',
  noneScheduled: 'None: name them under `reports` in the configuration of the collector.',
  columns: { name: 'Report', period: 'Of each', next: 'Next', last: 'Last', where: 'Where' },
  each: { day: 'day', week: 'week', month: 'month' },
  until: (day: string) => `until ${day}`,
  notYet: 'none since the collector started',
  sent: (directory: string, channel: string) => `${directory}, by ${channel}`,
};
