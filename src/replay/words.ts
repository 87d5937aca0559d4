import type { Text } from '../knowledge/types.js';
import { wordsOf } from '../report/words.js';

/** The words of the report, in both languages. */
const texts = {
  title: { en: 'Replay of a population', fr: 'Rejeu d’une population' },
  lead: {
    en: 'What the service would have said, at each moment of the past, with the chart as it was then.',
    fr: 'Ce que le service aurait dit, à chaque moment du passé, avec le dossier tel qu’il était alors.',
  },
  language: { en: 'Language', fr: 'Langue' },
  period: { en: 'Period', fr: 'Période' },
  patients: { en: 'Patients in the export', fr: 'Patients dans l’export' },
  withLesion: { en: 'with a bone metastasis', fr: 'avec une métastase osseuse' },
  resources: { en: 'Resources', fr: 'Ressources' },
  events: { en: 'Events', fr: 'Événements' },
  cards: { en: 'Cards', fr: 'Cartes' },
  repeated: { en: 'of which repeated', fr: 'dont répétées' },
  knowledge: { en: 'Knowledge', fr: 'Connaissances' },
  edition: { en: 'edition', fr: 'édition' },
  burden: { en: 'How many cards', fr: 'Combien de cartes' },
  service: { en: 'Service', fr: 'Service' },
  first: { en: 'First time', fr: 'Première fois' },
  again: { en: 'Repeated', fr: 'Répétées' },
  per100: { en: 'Per 100 events', fr: 'Pour 100 événements' },
  firstPer100: { en: 'First time, per 100', fr: 'Première fois, pour 100' },
  perMonth: { en: 'Per patient-month', fr: 'Par mois-patient' },
  perDay: { en: 'Per clinician-day', fr: 'Par jour-médecin' },
  burdenNote: {
    en: 'A repeated card was said before for this patient, about the same facts. A patient-month is a month from the first to the last event of a patient. A clinician-day is a day on which a named clinician had at least one event.',
    fr: 'Une carte répétée a déjà été dite pour ce patient, sur les mêmes faits. Un mois-patient est un mois entre le premier et le dernier événement d’un patient. Un jour-médecin est un jour où un médecin nommé a eu au moins un événement.',
  },
  withoutClinician: { en: 'events name no clinician.', fr: 'événements ne nomment aucun médecin.' },
  byMonth: { en: 'Cards by month', fr: 'Cartes par mois' },
  byRule: { en: 'Cards by rule', fr: 'Cartes par règle' },
  byIndicator: { en: 'Cards by indicator', fr: 'Cartes par niveau' },
  month: { en: 'Month', fr: 'Mois' },
  rule: { en: 'Rule', fr: 'Règle' },
  indicator: { en: 'Indicator', fr: 'Niveau' },
  critical: { en: 'Critical', fr: 'Critique' },
  warning: { en: 'Warning', fr: 'Alerte' },
  info: { en: 'Information', fr: 'Information' },
  plotAbout: {
    en: 'The same figures stand in the table below.',
    fr: 'Les mêmes chiffres figurent dans le tableau ci-dessous.',
  },
  rules: { en: 'What each rule answered', fr: 'Ce que chaque règle a répondu' },
  fires: { en: 'Fires', fr: 'Parle' },
  unknown: { en: 'Unknown', fr: 'Inconnu' },
  silent: { en: 'Silent', fr: 'Se tait' },
  failed: { en: 'Failed', fr: 'En échec' },
  missing: { en: 'Most often missing', fr: 'Manque le plus souvent' },
  neverFired: { en: 'Rules that never fired, and why', fr: 'Règles qui n’ont jamais parlé, et pourquoi' },
  why: { en: 'Why', fr: 'Pourquoi' },
  'no-event': { en: 'no event of its services', fr: 'aucun événement de ses services' },
  'no-data': { en: 'nothing in the export for', fr: 'rien dans l’export pour' },
  missingInputs: { en: 'most often undecided for want of', fr: 'le plus souvent indécise faute de' },
  neverTrue: {
    en: 'data were there, its condition never held',
    fr: 'données présentes, condition jamais remplie',
  },
  readiness: { en: 'Which data are there', fr: 'Quelles données sont présentes' },
  readinessNote: {
    en: 'Share of the patients with a bone metastasis of whom at least one resource can be read for the input.',
    fr: 'Part des patients avec une métastase osseuse pour lesquels au moins une ressource est lisible pour la donnée.',
  },
  input: { en: 'Input', fr: 'Donnée' },
  share: { en: 'Share', fr: 'Part' },
  none: { en: 'none in the export', fr: 'aucune dans l’export' },
  notUnderstood: { en: 'What is not understood', fr: 'Ce qui n’est pas compris' },
  notUnderstoodNote: {
    en: 'Codes and texts that no value set reads, most frequent first; all of them in not-understood.csv. To add one that means what a value set of the service means, paste its lines into codes.yaml of the hospital’s own folder; the name of the value set and the reason are left to a person where they are empty.',
    fr: 'Codes et textes qu’aucun jeu de valeurs ne lit, les plus fréquents d’abord ; tous figurent dans not-understood.csv. Pour ajouter celui qui a le sens d’un jeu de valeurs du service, coller ses lignes dans codes.yaml du dossier local ; le nom du jeu de valeurs et la raison, s’ils sont vides, sont à décider par une personne.',
  },
  type: { en: 'Type', fr: 'Type' },
  system: { en: 'System', fr: 'Système' },
  code: { en: 'Code', fr: 'Code' },
  text: { en: 'Text', fr: 'Texte' },
  count: { en: 'Count', fr: 'Nombre' },
  overlay: { en: 'Lines for codes.yaml', fr: 'Lignes pour codes.yaml' },
  nothing: { en: 'Nothing.', fr: 'Rien.' },
  samples: { en: 'Cards to be read', fr: 'Cartes à relire' },
  samplesNote: {
    en: 'Up to three cards of each rule, chosen by chance; none names a patient.',
    fr: 'Jusqu’à trois cartes de chaque règle, tirées au sort ; aucune ne nomme de patient.',
  },
  limits: { en: 'Limits of looking back', fr: 'Limites du regard en arrière' },
  limitStatus: {
    en: 'A status without a date of its change is that of today.',
    fr: 'Un statut dont la date de changement manque est celui d’aujourd’hui.',
  },
  limitLate: {
    en: 'What was entered late but dated early is seen too early.',
    fr: 'Ce qui a été saisi tard mais daté tôt est vu trop tôt.',
  },
  limitDeclines: {
    en: 'What users would have declined is not known: repeated cards are counted apart.',
    fr: 'Ce que les utilisateurs auraient écarté n’est pas connu : les cartes répétées sont comptées à part.',
  },
  limitEndless: {
    en: 'requests are over today without an end date: they were taken as active from their order on.',
    fr: 'demandes sont terminées aujourd’hui sans date de fin : elles ont été tenues pour actives depuis leur prescription.',
  },
  limitUndated: {
    en: 'resources without any date were taken as known all along:',
    fr: 'ressources sans aucune date ont été tenues pour connues depuis toujours :',
  },
  limitUndatedEvents: {
    en: 'orders, problems, visits or appointments without a full date could not be played.',
    fr: 'prescriptions, problèmes, venues ou rendez-vous sans date complète n’ont pas pu être rejoués.',
  },
  limitFuture: {
    en: 'events lie in the future and were not played.',
    fr: 'événements sont dans le futur et n’ont pas été rejoués.',
  },
  limitFailed: {
    en: 'events could not be asked about.',
    fr: 'événements n’ont pas pu être rejoués (échec).',
  },
  limitSetAside: {
    en: 'patients were set aside: their charts hold more than the service reads.',
    fr: 'patients ont été mis de côté : leur dossier contient plus que ce que le service lit.',
  },
  limitWithoutPatient: {
    en: 'resources name no patient and were not used.',
    fr: 'ressources ne nomment aucun patient et n’ont pas été utilisées.',
  },
  limitOtherTypes: {
    en: 'entries are of no type of FHIR R4 and were not counted.',
    fr: 'entrées ne sont d’aucun type de FHIR R4 et n’ont pas été comptées.',
  },
  rejected: { en: 'lines could not be read and were skipped:', fr: 'lignes illisibles ont été ignorées :' },
  changes: { en: 'What changed since the earlier replay', fr: 'Ce qui a changé depuis le rejeu précédent' },
  changesNote: {
    en: 'Every one of them stands in changes.ndjson.',
    fr: 'Toutes figurent dans changes.ndjson.',
  },
  came: { en: 'Came', fr: 'Apparues' },
  went: { en: 'Went', fr: 'Disparues' },
  changed: { en: 'Changed', fr: 'Modifiées' },
  examples: { en: 'Examples', fr: 'Exemples' },
  unchanged: {
    en: 'No card came, went or changed.',
    fr: 'Aucune carte n’est apparue, n’a disparu ni n’a changé.',
  },
  incomplete: {
    en: 'This report is incomplete: some parts of the population failed.',
    fr: 'Ce rapport est incomplet : des parties de la population ont échoué.',
  },
} satisfies Readonly<Record<string, Text>>;

export type WordKey = keyof typeof texts;

/** The words of one language. */
export const wordsIn = wordsOf(texts);
