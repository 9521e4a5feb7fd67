/** Vocabulary of one subject of the sample blogs. */
export interface SampleTopic {
  key: string;
  tags: string[];
  /** Titles; `{a}` and `{b}` take two of the nouns. */
  titles: string[];
  nouns: string[];
  /** First sentences; `{a}` and `{b}` as above. */
  openings: string[];
  /** Second sentences. */
  details: string[];
}

/** Subjects that maintenance teams read about. All made up, as is the company that sells them software. */
export const SAMPLE_TOPICS: readonly SampleTopic[] = [
  {
    key: 'preventive',
    tags: ['preventive maintenance', 'scheduling'],
    titles: [
      'Preventive maintenance for {a}: a yearly calendar',
      'How often should {a} be inspected?',
      'Preventive maintenance checklists for {a} and {b}',
      'Why preventive maintenance of {a} slips, and how to catch up',
      'Setting intervals for {a} without guessing',
      'From reactive to preventive: {a} first',
    ],
    nouns: [
      'rooftop units',
      'boilers',
      'air handlers',
      'conveyor belts',
      'chillers',
      'exhaust fans',
      'water pumps',
      'generators',
    ],
    openings: [
      'A preventive maintenance schedule for {a} pays off only when the intervals fit how hard they run.',
      'Most preventive maintenance plans treat {a} and {b} alike, although they wear differently.',
      'Seasonal inspections of {a} keep small faults from turning into breakdowns.',
    ],
    details: [
      'We walk through the checklist, the interval and the trigger for each inspection.',
      'The calendar lists which inspection belongs in which month.',
      'Start with the assets that stop production when they fail.',
    ],
  },
  {
    key: 'work-orders',
    tags: ['work orders', 'productivity'],
    titles: [
      'Work order priorities that technicians trust',
      'Writing a work order that needs no phone call: {a}',
      'Work order backlog: how to bring {a} under control',
      'Five fields every work order for {a} needs',
      'Closing work orders with photos of {a}',
      'Work order triage for {a} and {b}',
    ],
    nouns: [
      'urgent requests',
      'tenant requests',
      'recurring jobs',
      'shift handovers',
      'contractor jobs',
      'night-shift requests',
      'warranty jobs',
    ],
    openings: [
      'A work order that leaves out the location sends a technician back to the desk.',
      'The work order backlog grows fastest where {a} and {b} arrive through different channels.',
      'Work order priorities lose their meaning once every request is urgent.',
    ],
    details: [
      'Here is the request form that we use and the triage rule behind it.',
      'A weekly review of the backlog takes twenty minutes and shows what never gets done.',
      'Requests from tenants and from sensors end up in the same queue.',
    ],
  },
  {
    key: 'spare-parts',
    tags: ['spare parts', 'inventory'],
    titles: [
      'Spare parts inventory: how many {a} to keep',
      'Reorder points for {a} and {b}',
      'Counting the storeroom: {a} first',
      'Critical spare parts: a short list for {a}',
      'What a missing {b} really costs',
      'Supplier lead times and {a}',
    ],
    nouns: ['bearings', 'filters', 'V-belts', 'seals', 'contactors', 'fuses', 'gaskets', 'motors'],
    openings: [
      'A storeroom full of {a} can still lack the one spare part that stops the line.',
      'Reorder points for spare parts follow from lead time and use, not from habit.',
      'Spare parts such as {a} and {b} tie up money when nobody counts them.',
    ],
    details: [
      'We show how to rank parts by criticality and set a minimum stock.',
      'Cycle counts of a shelf a week replace the yearly inventory.',
      'The formula needs two numbers that most storerooms have.',
    ],
  },
  {
    key: 'reliability',
    tags: ['reliability', 'root cause analysis'],
    titles: [
      'Root cause analysis after a failure of {a}',
      'Mean time between failures for {a}, explained',
      'Failure modes of {a} and {b}',
      'Reliability engineering for small teams: {a}',
      'Five whys on a broken {b}',
      'Downtime of {a}: finding the bad actors',
    ],
    nouns: [
      'packaging lines',
      'compressors',
      'gearboxes',
      'hydraulic presses',
      'pumps',
      'elevators',
      'switchgear',
      'mixers',
    ],
    openings: [
      'Root cause analysis of {a} fails when it stops at the broken part.',
      'Mean time between failures says little about {a} unless the failure codes are clean.',
      'Reliability work starts with the few machines that cause most of the downtime.',
    ],
    details: [
      'A failure code list of thirty entries is enough to begin with.',
      'We look at a year of downtime records and pick the worst five machines.',
      'The method is plain: describe the failure, list the causes, test one at a time.',
    ],
  },
  {
    key: 'safety',
    tags: ['safety', 'compliance'],
    titles: [
      'Lockout tagout for {a}: a walk-through',
      'Safety audits of {a} without the paper',
      'Permits to work on {a}',
      'Passing a fire safety inspection of {a}',
      'Toolbox talks about {a} and {b}',
      'Compliance records for {a} that hold up',
    ],
    nouns: [
      'confined spaces',
      'electrical panels',
      'ladders',
      'forklifts',
      'sprinkler systems',
      'pressure vessels',
      'chemical stores',
    ],
    openings: [
      'Safety inspectors ask for the record of {a}, not for the intention.',
      'Lockout tagout procedures save lives only where they are at hand beside the machine.',
      'Compliance work on {a} and {b} repeats every year with the same deadlines.',
    ],
    details: [
      'The audit trail shows who checked what, when and with which result.',
      'Hang the procedure on the asset and let technicians sign it on their phone.',
      'We list the regulations that ask for a written record.',
    ],
  },
  {
    key: 'technicians',
    tags: ['mobile', 'technicians'],
    titles: [
      'Mobile apps that technicians use for {a}',
      'Offline first: {a} in basements',
      'Scanning asset tags for {a}',
      'Voice notes and photos for {a}',
      'What technicians dislike about tablets: {a}',
      'A day with a mobile technician: {a}',
    ],
    nouns: ['inspection rounds', 'meter readings', 'repairs on site', 'storm damage', 'plant rooms', 'parking garages'],
    openings: [
      'Technicians put the phone away when the app needs a signal in the plant room.',
      'A mobile inspection round saves the walk back to the desk.',
      'Asset tags only help technicians when they can be scanned with gloves on.',
    ],
    details: [
      'We asked eleven technicians which screens they open and which they avoid.',
      'Offline storage and one-handed use matter more than features.',
      'Meter readings typed on site are wrong far less often.',
    ],
  },
  {
    key: 'onboarding',
    tags: ['training', 'change management'],
    titles: [
      'Training new technicians on {a}',
      'Moving from spreadsheets: the first month with {a}',
      'Getting buy-in from technicians for {a}',
      'A rollout plan for {a} and {b}',
      'Knowledge that retires: keeping what experts know about {a}',
      'Training videos for {a} that people finish',
    ],
    nouns: ['asset registers', 'checklists', 'new procedures', 'job plans', 'request portals', 'shift logs'],
    openings: [
      'Training fails when it starts with the software and not with {a}.',
      'Change management in a maintenance team is mostly about trust.',
      'When an expert retires, what they know about {a} and {b} leaves too.',
    ],
    details: [
      'The rollout plan covers four weeks and one building.',
      'Pick one respected technician as the trainer for each shift.',
      'Short training beside the machine works better than a day in a room.',
    ],
  },
  {
    key: 'reporting',
    tags: ['reporting', 'costs'],
    titles: [
      'Maintenance budget: arguing for {a}',
      'Reports that finance reads: {a}',
      'Repair or replace {a}? A cost model',
      'Dashboard of {a} for managers',
      'Cost per asset: {a} and {b}',
      'Maintenance metrics for {a} that mean something',
    ],
    nouns: ['overtime', 'contractor costs', 'aging equipment', 'energy bills', 'labor hours', 'capital requests'],
    openings: [
      'A maintenance budget is cut first where nobody can show what {a} cost.',
      'Managers need three metrics, and a report of thirty hides them.',
      'Repair or replace is a question of cost over the remaining life.',
    ],
    details: [
      'The template adds labor, parts and downtime for each asset.',
      'We compare planned and unplanned hours month by month.',
      'Finance trusts a report that explains its own gaps.',
    ],
  },
  {
    key: 'sensors',
    tags: ['condition monitoring', 'sensors'],
    titles: [
      'Condition monitoring of {a} with vibration sensors',
      'Which sensors do {a} need?',
      'Predictive maintenance for {a}: a first pilot',
      'Vibration analysis of {a} and {b}',
      'Temperature alarms on {a} that are not noise',
      'Connecting sensors on {a} to work orders',
    ],
    nouns: ['bearings', 'motors', 'pumps', 'gearboxes', 'cold rooms', 'compressors', 'fans'],
    openings: [
      'Condition monitoring of {a} finds faults weeks before anyone hears them.',
      'Vibration sensors are cheap; knowing what to do with an alarm on {a} is not.',
      'A pilot of predictive maintenance needs five machines, not fifty.',
    ],
    details: [
      'We set alarm limits from two weeks of normal running.',
      'Each alarm opens a work order with the reading attached.',
      'The sensors last four years on one battery.',
    ],
  },
  {
    key: 'energy',
    tags: ['energy', 'sustainability'],
    titles: [
      'Energy use of {a}: where the waste is',
      'Sustainability reports need data on {a}',
      'Cutting the energy bill with {a}',
      'Carbon targets and {a}',
      'Night-time energy audits of {a} and {b}',
      'Heat recovery from {a}',
    ],
    nouns: ['air handlers', 'compressed air', 'lighting', 'boilers', 'cold rooms', 'data rooms', 'heat pumps'],
    openings: [
      'Energy audits of {a} find the same leaks year after year.',
      'Carbon targets reach the maintenance team as a list of {a} to replace.',
      'Compressed air is the most expensive energy in the building.',
    ],
    details: [
      'Submeters on the ten largest consumers show most of the waste.',
      'A sustainability report asks for data that maintenance already has.',
      'Fixing leaks takes a day a month and no investment.',
    ],
  },
];
