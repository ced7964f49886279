// The manual in English: the topics of manual_zh.ts with as many paragraphs and steps.
import type { Topic } from './manual_zh'

const topics: Topic[] = [
  {
    id: 'start',
    title: 'The first time',
    text: [
      'Everybody has an account; its role and region decide what it sees and does. A record you do not see may exist outside your scope.',
    ],
    steps: [
      'Open the address, type account and password, and the six digits of your authenticator if you use one.',
      'Language and dark mode are at the top right; your account name leads to password and second factor.',
      'The jobs are on the left; Home lists what waits for you.',
    ],
    to: '/account',
  },
  {
    id: 'register',
    title: 'Register a person',
    text: [
      'Talent and expert are two roles of one person, registered once. Identity numbers are sealed and shown masked.',
      'What you type is kept in this tab through a broken connection, a reload or a session that ends; identity numbers are not.',
    ],
    steps: [
      'People → Register a person: name and identity number first; the number is checked as you type, and gives sex and date of birth.',
      'Regions, disciplines and industries are found by Chinese, pinyin, its first letters or code: xe finds Xuan’en.',
      'Add the role Expert and its fields open: research, ways of serving.',
      'People of the same name stand beside the form with what agrees and what differs; save when it is somebody else.',
      'If the saved person resembles others, the reasons are listed and Duplicates settles it.',
    ],
    to: '/people/new',
  },
  {
    id: 'import',
    title: 'Import a roster',
    text: [
      'xlsx, xls, et, ods, csv and web tables saved as xls. A dry run comes first and writes nothing.',
      'Six counts add up to the rows: new, updated, same, duplicate, to review, refused.',
    ],
    steps: [
      'Import → choose what the roster holds and drop the file.',
      'Look at how the headers are read; click a wrong one to correct it, and your office is understood from then on.',
      'Read the findings by sheet, row and column; updates show the old and the new value.',
      'Take the rows that can be taken; download the others as a workbook, mend them, send it again.',
      'A wrong batch is taken back below; rows that were edited since stay.',
    ],
    to: '/imports',
  },
  {
    id: 'experts',
    title: 'Ask for experts',
    text: [
      'A score of at most 10000 is the sum of its parts, each with reasons. Who fails a hard rule is not ranked, and you can ask why.',
    ],
    steps: [
      'Needs → Publish a need: region, discipline, how many, what for.',
      'Once accepted, the need shows who would suit; tick two or three to compare them.',
      'Ask why somebody is not on the list: by which rule, or how many points short and where.',
      'Shortlist or offer; when somebody declines, one button asks the next of the shortlist.',
      'Dispatch, duty, completion and evaluation follow in the menu Next.',
    ],
    to: '/needs',
  },
  {
    id: 'plan',
    title: 'Plan for all needs',
    text: [
      'A plan places experts for all open needs at once, with a proof; shortages come with their cause. Nothing is offered before it is adopted.',
    ],
    steps: [
      'Plans → Make a plan, for a year if you like.',
      'See what is filled and what is short; compare it with another plan to see who moved.',
      'Adopt it: its seats become offers.',
    ],
    to: '/plans',
  },
  {
    id: 'coverage',
    title: 'See the coverage',
    text: [
      'Every share names numerator, denominator and rule. Without a target it says so; no figure is made up.',
      'The map is a schematic drawing, not a map of record.',
    ],
    steps: [
      'Coverage → choose programme and grouping, at any past date.',
      'A numerator leads to its people; the heat table shows programmes by unit, the map one programme over 17 units.',
      'Save as CSV, or print.',
    ],
    to: '/coverage',
  },
  {
    id: 'numbers',
    title: 'Numbers in full, rights of people',
    text: [
      'An identity number or telephone is shown for a purpose and a case, recorded first, so many a day, and with a second factor.',
    ],
    steps: [
      'On the page of a person click Show beside the mask, and give purpose and case.',
      'When a person asks, export everything kept of them; when they ask for erasure, name the basis: the same roster cannot bring them back.',
    ],
  },
]
export default topics
