import { randomUUID } from 'node:crypto';
import { idPattern } from '../fhir/resource.js';
import { isObject } from '../../json.js';

/** The clinician who is always logged in to the sandbox. */
export const sandboxUser = 'Practitioner/demo-oncologist';

/** What an EHR knows at the moment of a launch and hands to the app with the token (SMART App Launch 2.2, 3.0). */
export interface LaunchContext {
  /** Id of the patient whose chart is open. */
  readonly patient: string;
  readonly encounter?: string;
  readonly intent?: string;
  /** Opaque to the EHR: what the card's link carried (CDS Hooks, Link). */
  readonly appContext?: string;
}

/** Launches that were announced and not yet forgotten. */
export interface LaunchContexts {
  /** The `launch` value that the app is opened with. */
  readonly announce: (context: LaunchContext) => string;
  readonly find: (launch: string) => LaunchContext | undefined;
}

const longestText = 4096;
const mostLaunches = 1000;

function optionalText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= longestText);
}

/** Reads the body of `POST /sandbox/launch`; undefined when it is not a launch context. */
export function readLaunchContext(body: unknown): LaunchContext | undefined {
  if (!isObject(body)) return undefined;
  const { patient, encounter, intent, appContext } = body;
  if (typeof patient !== 'string' || !idPattern.test(patient)) return undefined;
  if (!optionalText(encounter) || !optionalText(intent) || !optionalText(appContext)) return undefined;
  return {
    patient,
    ...(encounter !== undefined && { encounter }),
    ...(intent !== undefined && { intent }),
    ...(appContext !== undefined && { appContext }),
  };
}

/** Launch contexts in memory; the oldest is forgotten when there are too many. */
export function launchContexts(): LaunchContexts {
  const announced = new Map<string, LaunchContext>();
  return {
    announce(context) {
      const launch = randomUUID();
      announced.set(launch, context);
      const [oldest] = announced.keys();
      if (announced.size > mostLaunches && oldest !== undefined) announced.delete(oldest);
      return launch;
    },
    find: (launch) => announced.get(launch),
  };
}
