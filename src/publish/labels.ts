import type { ErrorCode } from '../cds-hooks/outcome.js';
import type { Text } from '../knowledge/types.js';

/** Words of published forms that no artifact holds. */
export const labels = {
  total: { en: 'Total', fr: 'Total' },
  class: { en: 'Class', fr: 'Classe' },
  lesion: { en: 'Lesion that was assessed', fr: 'Lésion évaluée' },
} as const satisfies Readonly<Record<string, Text>>;

/** The map of reasons to decline. */
export const mapTitle: Text = {
  en: 'Reasons not to follow advice: HL7 to ours',
  fr: 'Motifs de non-adhésion : de HL7 aux nôtres',
};
export const mapDescription: Text = {
  en: 'As which of our reasons feedback in the codes of HL7 is understood.',
  fr: 'À quel motif de ce service correspond un retour exprimé dans les codes de HL7.',
};

/** Every error code that an OperationOutcome of this service may hold. */
export const errorDisplays: Readonly<Record<ErrorCode, Text>> = {
  REQUEST_INVALID: { en: 'The request is not valid', fr: 'La requête n’est pas valide' },
  HOOK_MISMATCH: {
    en: 'The service is not published for this hook',
    fr: 'Le service n’est pas publié pour ce hook',
  },
  UNAUTHORIZED: {
    en: 'No valid token of a registered client',
    fr: 'Pas de jeton valide d’un client déclaré',
  },
  FORBIDDEN: { en: 'Not accepted on this server', fr: 'Non admis sur ce serveur' },
  SERVICE_UNKNOWN: { en: 'No CDS service of this id', fr: 'Aucun service de ce nom' },
  NOT_FOUND: { en: 'Nothing at this path', fr: 'Rien à cette adresse' },
  METHOD_NOT_ALLOWED: { en: 'The path does not take this method', fr: 'Méthode non admise à cette adresse' },
  DATA_UNAVAILABLE: { en: 'Data needed could not be had', fr: 'Données nécessaires indisponibles' },
  BODY_TOO_LARGE: { en: 'The body is too large', fr: 'Corps de requête trop volumineux' },
  HOST_UNKNOWN: { en: 'Not the name of this server', fr: 'Ce n’est pas le nom de ce serveur' },
  MEDIA_TYPE_UNSUPPORTED: { en: 'The body is not JSON', fr: 'Le corps de requête n’est pas du JSON' },
  RATE_LIMITED: { en: 'Too many calls', fr: 'Trop d’appels' },
  INTERNAL: { en: 'Fault of the service', fr: 'Erreur du service' },
  OVERLOADED: { en: 'Too many calls at once', fr: 'Trop d’appels simultanés' },
  STORE_UNAVAILABLE: { en: 'The store cannot be reached', fr: 'Base de données inaccessible' },
};
