import { Agent, install, type Dispatcher } from 'undici';

export interface Connections {
  /** To one server at once. */
  readonly connections: number;
  /** A net under the deadline of each call, for connecting, headers and pauses within the body. */
  readonly timeoutMs: number;
}

/**
 * Makes `fetch` the one of the undici dependency, for the whole process. Node 20 has an older one, which an answer of
 * several content codings ends with an error that nobody can catch. To be called before anything that replaces `fetch`.
 */
export function useOwnFetch(): void {
  install();
}

/** Connections to servers of others, over which no answer comes that is coded more than once. */
export function outboundAgent({ connections, timeoutMs }: Connections): Dispatcher {
  return new Agent({
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4000,
  }).compose(onlyPlainAnswers);
}

/** Interim answers (103 and the like) before the answer itself: more than any server sends, few enough to cost nothing. */
const mostInterim = 8;

/** An answer that is not taken: coded more than once, or put off without end. */
class AnswerRefused extends Error {
  readonly code = 'ANSWER_REFUSED';
}

/**
 * Ends an answer that names several content codings before anything unpacks it, for no server needs two and each one
 * multiplies what a small body can become; and one that says «soon» again and again.
 */
const onlyPlainAnswers: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  let interim = 0;
  return dispatch(options, {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, status, headers, socket) =>
      handler.onRequestUpgrade?.(controller, status, headers, socket),
    onResponseStart: (controller, status, headers, message) => {
      if (status < 200) interim += 1;
      const isCodedOften = String(headers['content-encoding'] ?? '').includes(',');
      if (isCodedOften || interim > mostInterim) controller.abort(new AnswerRefused());
      else handler.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  });
};
