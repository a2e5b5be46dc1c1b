// Written by `npm run generate` from openapi.json: change the code it is made from.

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["operations_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The database answers and every active model is loaded */
        get: operations["operations_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the service does: requests, latencies, refusals, the recorder, the event loop, per model */
        get: operations["operations_service"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as server-sent events: `metrics` at once and at an interval, for ten minutes; then ask again
         * @description An event `failed`, whose data is a problem, ends it earlier.
         */
        get: operations["operations_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, newest first */
        get: operations["audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Signed statements of where all chains of the record ended, newest first */
        get: operations["audit_checkpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/proofs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows of an audit event or a prediction that it is in the record, to be checked without this server */
        get: operations["audit_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies the record by the public keys in the database; `latido audit verify` does so by those of an auditor
         * @description With `Accept: text/event-stream` it answers server-sent events: `progress` (AuditProgressDto) at most four times a second, and at last `ended` (AuditVerificationDto) or `failed` (ProblemDto). It then may take as long as it needs, and stops when the client leaves.
         */
        post: operations["audit_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service/refusals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests that were refused or failed, newest first
         * @description From the request log, which has what a known user sent to a route that counts against the plan (predictions, batches, replays), some milliseconds after its answer. What is not in it (refused sign-ins, callers without a valid token, reads and administration) is told by `latido_http_requests_total` in the metrics and, one by one, by the server's own log; refused sign-ins leave audit events, too.
         */
        get: operations["refusals_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts with their plans, newest first */
        get: operations["users_list"];
        put?: never;
        /**
         * Registers an account: role `user`, plan `FREEMIUM`
         * @description Sign in with the e-mail address or the user name.
         */
        post: operations["accounts_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's profile, plan and what is left of the quota now */
        get: operations["me_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes one's own display name or password
         * @description A new password ends all access tokens, and all sessions but this one.
         */
        patch: operations["accounts_change"];
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Signs out everywhere: ends all sessions and access tokens, this one's included
         * @description API keys stay.
         */
        delete: operations["accounts_signOutEverywhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own API keys that are not revoked, newest first */
        get: operations["apiKeys_list"];
        put?: never;
        /** Makes an API key; the answer is the only one that shows it */
        post: operations["apiKeys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes an API key, at once */
        delete: operations["apiKeys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in, or continues a session (OAuth 2.0 token endpoint) */
        post: operations["token_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session of a refresh token (RFC 7009); 200 for an unknown one too */
        post: operations["token_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that verify access tokens (RFC 7517) */
        get: operations["token_jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The plans there are */
        get: operations["plans_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes a plan for everybody who has it, from their next request on; what is left out stays as it is */
        put: operations["plans_change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account with its plan */
        get: operations["users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes role, status or display name; tokens already issued included */
        patch: operations["users_change"];
        trace?: never;
    };
    "/v1/users/{id}/subscription": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Gives a user a plan, from the next request on; tokens already issued included */
        put: operations["subscriptions_change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user's requests, predictions and refusals per UTC day */
        get: operations["subscriptions_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests, predictions and refusals per UTC day of several users: what stands beside each in a list of them */
        get: operations["usage_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's requests, predictions and refusals per UTC day */
        get: operations["me_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is served: each model with its task, active version, inputs, outputs and metrics */
        get: operations["models_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model */
        get: operations["models_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Two versions side by side */
        get: operations["models_compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Activates a version: it answers from the next request on, everywhere within a second
         * @description Requests under way finish on the version they started with.
         */
        put: operations["models_activate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/activations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was activated when, by whom and why, newest first; with `at` the one activation that was in force at that moment */
        get: operations["models_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts the version back that answered before the active one came
         * @description The policy is not asked: it let that version in once.
         */
        post: operations["governance_rollBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a version must satisfy before it is activated or given a share of the traffic */
        get: operations["governance_policy"];
        /**
         * Replaces the policy
         * @description It holds from the next activation on; what is active stays.
         */
        put: operations["governance_setPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/gate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the policy would say of a version now
         * @description Nothing is changed.
         */
        get: operations["governance_look"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/traffic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the model's traffic is shared now, beside its active version */
        get: operations["governance_currentTraffic"];
        /**
         * Gives a version a share of the traffic, runs versions in shadow, or ends both
         * @description Who asks stays with one version: by the patient's `subject`, or by the user where none or several are named. A canary passes the same policy as an activation.
         */
        put: operations["governance_setTraffic"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/traffic/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the traffic was shared when, newest first; with `at` the one change that was in force at that moment */
        get: operations["governance_trafficHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/inspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells what a model file is, and drafts a manifest as far as the file goes
         * @description The file is the part `artifact` of a form, or the whole body (application/octet-stream). It is loaded and run on a few random rows; nothing is stored.
         */
        post: operations["inspection_inspect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A model's versions with metrics, artifact and status, the one registered last first
         * @description Users see those that are or were active; who publishes, audits or runs models sees all.
         */
        get: operations["versions_list"];
        put?: never;
        /**
         * Publishes a version: it is read, verified on every engine and stored, with its artifact, or not at all
         * @description A version whose scores are wrong is stored as `rejected`, with the reason. The same version in the same bytes is 200, in others 409. Nothing is activated.
         */
        post: operations["publishing_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version, with what was compared when it was verified */
        get: operations["versions_version"];
        put?: never;
        post?: never;
        /** Deletes a version that was never in service and never predicted; with `retire=true` takes any out of use that is not in service */
        delete: operations["publishing_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** JSON Schema (2020-12) of one input row: what a client sends for one patient, with title, unit and example of each value */
        get: operations["versions_schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model card: JSON, or Markdown for those who prefer `text/markdown` */
        get: operations["versions_card"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/evaluation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How well the version does, as numbers to draw: ROC points, calibration bins, confusion matrix, histograms of the inputs */
        get: operations["versions_evaluation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Inputs to start from, each as a client sends it, with the class that is answered: those of the version, else one of the examples that its inputs declare */
        get: operations["versions_examples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/artifact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model file as it was registered; its SHA-256 is the `ETag`, and who names it in `If-None-Match` is answered 304 */
        get: operations["versions_artifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predicts for one row or for several, by the model's active version or by the one named
         * @description The prediction is recorded before it is answered; `Server-Timing` tells where the time went. A CSV file (`text/csv`) is answered as one, row by row, with 200; see docs/scoring-files.md.
         */
        post: operations["predictions_predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own predictions, newest first; auditors and administrators see that others' exist, and open them one by one */
        get: operations["predictions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same with a `subject`, which never stands in a URL */
        post: operations["predictions_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole record of a prediction
         * @description Reading another user's leaves an audit event.
         */
        get: operations["predictions_detail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}/rows/{row}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One row of a prediction, counted from 0 */
        get: operations["predictions_row"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rows of one's own predictions as a file, newest prediction first, one line a row; of everybody's for auditors and administrators, each of whose reading of another user's leaves an audit event
         * @description With `label`, the rows that were answered so; with `model`, also what was sent and the probability of each class. See docs/scoring-files.md.
         */
        get: operations["predictionExport_all"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/search.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same with a `subject`, which never stands in a URL: the rows of that patient alone */
        post: operations["predictionExport_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a CSV file and scores it in the background
         * @description Its header is looked at before anything is answered; the whole file is scored by the version that is active now, or by the one named. See docs/scoring-files.md.
         */
        post: operations["batches_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One's own batches, newest first; auditors and administrators see all
         * @description Those whose time is over are gone.
         */
        get: operations["batches_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a batch is: its owner's; auditors and administrators see all */
        get: operations["batches_get"];
        put?: never;
        post?: never;
        /**
         * Cancels a batch
         * @description What it has predicted stays in the record, and can be read as its results.
         */
        delete: operations["batches_cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as server-sent events: `progress`, at most two a second, and at last `ended`
         * @description An event `failed`, whose data is a problem, ends them earlier.
         */
        get: operations["batches_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The file with its results, once the batch has ended; of one that was cancelled, or failed half-way, as many rows as were done
         * @description Reading another user's leaves an audit event.
         */
        get: operations["batches_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long the newest predictions of a version took that were each asked for by a request of their own, everybody's together */
        get: operations["latency_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Computes a recorded prediction again: the recorded inputs, on the recorded version and engine, whatever is active now
         * @description Says whether the scores are the same to the last bit, and whether the machine is. It counts against the plan as a request, leaves an audit event, and is not recorded as a prediction.
         */
        post: operations["replay_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}/rows/{row}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Computes one row of a recorded prediction again, counted from 0 */
        post: operations["replay_replayRow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Records what really happened to the patient of a prediction of one row
         * @description The same again changes nothing; another one is a correction, and the earlier ones stay in the history. For the prediction's owner and administrators.
         */
        put: operations["outcomes_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}/rows/{row}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Records what really happened to the patient of one row, counted from 0 */
        put: operations["outcomes_putRow"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions/{id}/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who said what of a prediction when, newest first
         * @description Reading another user's leaves an audit event.
         */
        get: operations["outcomes_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/traffic/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a version in shadow, or one with a share of the traffic, does beside the other on the same rows: agreement, difference of the scores, latency */
        get: operations["shadow_compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the service predicted: rows of each class and the mean score by day, model version and source, and the latest files
         * @description Counted in the background from the record; `asOf` says how far.
         */
        get: operations["servicePredictions_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predicts by the active version, from tensors
         * @description The prediction is recorded before it is answered.
         */
        post: operations["inference_infer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predicts by the version named, from tensors
         * @description The prediction is recorded before it is answered.
         */
        post: operations["inference_inferByVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Versions, and whether they are in the memory of the process that answers */
        post: operations["repository_index"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{model}/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings the active version into memory, or the one that `parameters.version` names
         * @description What is active stays active.
         */
        post: operations["repository_load"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{model}/unload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Frees the memory that the model's versions take in this process
         * @description What is active stays active, and is loaded again when it is asked for.
         */
        post: operations["repository_unload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server's name and version, and which extensions it has */
        get: operations["oip_server"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["oip_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The database answers and every active model is loaded */
        get: operations["oip_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the versions of all models have computed in this process since it started */
        get: operations["oip_allStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The active version's tensors, and the versions that may be named */
        get: operations["oip_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version's tensors, and the versions that may be named */
        get: operations["oip_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The active version is in memory */
        get: operations["oip_modelReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The version is in memory */
        get: operations["oip_versionReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a model's versions have computed in this process since it started */
        get: operations["oip_modelStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a version has computed in this process since it started */
        get: operations["oip_versionStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        MeasuredValueDto: {
            labels: {
                [key: string]: string;
            };
            value: number;
        };
        MeasuredDistributionDto: {
            labels: {
                [key: string]: string;
            };
            count: number;
            /** @description In the metric's unit, seconds for durations. */
            mean: number;
            p50: number;
            p90: number;
            p99: number;
        };
        ServiceMetricsDto: {
            counters: {
                [key: string]: components["schemas"]["MeasuredValueDto"][];
            };
            gauges: {
                [key: string]: components["schemas"]["MeasuredValueDto"][];
            };
            histograms: {
                [key: string]: components["schemas"]["MeasuredDistributionDto"][];
            };
            /** Format: date-time */
            collectedAt: string;
            uptimeSeconds: number;
        };
        AuditActorDto: {
            /** @enum {string} */
            kind: "user" | "anonymous" | "api-key" | "system";
            id: string | null;
        };
        AuditTargetDto: {
            /** @enum {string} */
            type: "session" | "user" | "record" | "plan" | "api-key" | "model" | "model-version" | "prediction" | "batch";
            id: string;
        };
        AuditEventDto: {
            id: string;
            /** Format: date-time */
            occurredAt: string;
            actor: components["schemas"]["AuditActorDto"];
            /**
             * @example subscription.changed
             * @enum {string}
             */
            action: "user.registered" | "user.invited" | "user.updated" | "user.role-changed" | "user.status-changed" | "user.password-changed" | "user.password-reset" | "session.started" | "session.refused" | "session.refresh-reused" | "session.revoked" | "session.revoked-everywhere" | "api-key.created" | "api-key.revoked" | "plan.changed" | "subscription.changed" | "model-version.registered" | "model-version.rejected" | "model-version.activated" | "model-version.rolled-back" | "model-version.retired" | "model-version.restored" | "model-version.deleted" | "model-policy.changed" | "model-traffic.changed" | "legacy-lab.model-chosen" | "prediction.read-by-other" | "batch.read-by-other" | "prediction.replayed" | "prediction.outcome-recorded" | "subject.erased" | "record.month-dropped" | "audit.key-rotated" | "record.backed-up" | "record.restored";
            target: components["schemas"]["AuditTargetDto"];
            details: {
                [key: string]: unknown;
            };
            requestId: string | null;
        };
        AuditEventPageDto: {
            data: components["schemas"]["AuditEventDto"][];
            nextCursor: string | null;
        };
        AuditCheckpointDto: {
            id: string;
            /** Format: date-time */
            createdAt: string;
            /** @description JSON text, as it was signed: the ends of all chains that had grown. */
            statement: string;
            /** @description Which key signed. */
            kid: string;
            /** @description Ed25519 over the statement's bytes, base64. */
            signature: string;
        };
        AuditCheckpointPageDto: {
            data: components["schemas"]["AuditCheckpointDto"][];
            nextCursor: string | null;
        };
        AuditBatchDto: {
            /** @description The chain it is in. */
            shard: number;
            /** @description Its number in the chain, from 1. */
            seq: number;
            /** @description Of its leaves. */
            count: number;
            /** @description Merkle root over the leaves (RFC 6962), hexadecimal. */
            root: string;
            /** @description The text that is signed; it names the root and the batch before. */
            statement: string;
            /** @description SHA-256 of the statement, hexadecimal: what the next batch names. */
            head: string;
            /** Format: date-time */
            sealedAt: string;
            kid: string;
            /** @description Ed25519 over the statement's bytes, base64. */
            signature: string;
        };
        AuditProofDto: {
            /** @enum {string} */
            kind: "predictions" | "events";
            id: string;
            /** @description The record's bytes, base64: H(0x00 ‖ bytes) is the leaf. */
            leaf: string;
            /** @description Place of the leaf in the batch, from 0. */
            index: number;
            /** @description Siblings from the leaf to the root (RFC 6962 §2.1.1), hexadecimal. */
            path: string[];
            batch: components["schemas"]["AuditBatchDto"];
            /** @description PEM of the key that signed, as the database has it: compare it with the one that you trust. */
            publicKey: string;
        };
        FieldErrorDto: {
            /**
             * @description JSON Pointer into the body, or ?name for a query parameter
             * @example /input/age
             */
            pointer: string;
            /** @example must be at most 99 */
            detail: string;
        };
        ProblemDto: {
            /** @example about:blank */
            type: string;
            /** @example Invalid request */
            title: string;
            /** @example 422 */
            status: number;
            /** @example 1 value is at fault. */
            detail: string;
            /**
             * @description Stable code; docs/errors.md lists them all
             * @example INVALID_REQUEST
             */
            code: string;
            /** @example 0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11 */
            requestId: string;
            errors?: components["schemas"]["FieldErrorDto"][];
        };
        AuditProgressDto: {
            /**
             * @description What is verified now: the chains' batches first, then the records of each kind.
             * @enum {string}
             */
            phase: "events" | "predictions" | "batches";
            /** @description Of this phase. */
            checked: number;
            /** @description How many there are to check in this phase; null while they are counted. */
            total: number | null;
        };
        AuditFindingDto: {
            /** @example record-altered */
            code: string;
            message: string;
            shard?: number;
            seq?: number;
            /** @description Of the prediction or audit event. */
            id?: string;
        };
        AuditLeavesDto: {
            records: number;
            /** @description From before there were proofs, in no chain. */
            unproven: number;
            /** @description Signed, but not yet in a chain. */
            unsealed: number;
        };
        AuditRecordsDto: {
            predictions: components["schemas"]["AuditLeavesDto"];
            events: components["schemas"]["AuditLeavesDto"];
        };
        AuditVerificationDto: {
            /**
             * @description Whose public keys were trusted: over HTTP always those in the database.
             * @enum {string}
             */
            keys: "given" | "database";
            /** @description At most 100, the first place that does not hold first. */
            findings: components["schemas"]["AuditFindingDto"][];
            holds: boolean;
            chains: number;
            batches: number;
            records: components["schemas"]["AuditRecordsDto"];
            /** @description Batches whose records are gone with a month that was dropped by a recorded act. */
            droppedBatches: number;
            /** @description Checkpoints that were compared. */
            checkpoints: number;
            moreFindings: number;
        };
        AuditVerifyRequest: {
            /** @description Only what was sealed at this moment or later; left out, everything. */
            since?: string;
        };
        RefusalDto: {
            /** @description The request log's id, by which a cursor goes on. */
            id: string;
            /** @description That of the answer, by which the server's log tells more. */
            requestId: string;
            /**
             * Format: date-time
             * @description When the quota decided; of one that did not come so far, when it began.
             */
            admittedAt: string;
            /** @example POST */
            method: string;
            /**
             * @description The route's pattern, never the URL.
             * @example /v1/models/:model/predictions
             */
            route: string;
            /**
             * @description 499: the client was gone before there was an answer.
             * @example 429
             */
            status: number;
            userId: string;
            /** @description Milliseconds from the request to its answer. */
            totalMs: number;
        };
        RefusalPageDto: {
            data: components["schemas"]["RefusalDto"][];
            nextCursor: string | null;
        };
        RegistrationDto: {
            /**
             * @description 12 characters or more; not a common password, nor one with the account's own name in it.
             * @example three small green boats
             */
            password: string;
            /**
             * Format: email
             * @description E-mail address; needed when there is no user name.
             * @example ana@hospital.example
             */
            email?: string | null;
            /**
             * @description User name; needed when there is no e-mail address.
             * @example ana
             */
            username?: string | null;
            /**
             * @description The name to show.
             * @example Ana García
             */
            displayName?: string | null;
            /** @description Needed where the server is set to REGISTRATION=invite; not looked at elsewhere. */
            invitation?: string | null;
        };
        UserDto: {
            /** @example 0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11 */
            id: string;
            /** @example ana@hospital.example */
            email: string | null;
            /** @example ana */
            username: string | null;
            /** @example Ana García */
            displayName: string | null;
            /**
             * @description `user`; `publisher` (publishes models), `auditor` (reads audit events and predictions), `admin`.
             * @enum {string}
             */
            role: "user" | "publisher" | "auditor" | "admin";
            /**
             * @description A suspended user's tokens and keys are refused.
             * @enum {string}
             */
            status: "active" | "suspended";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ChangeMeDto: {
            /**
             * @description The name to show; null takes it away.
             * @example Ana García
             */
            displayName?: string | null;
            /** @description Needed to set a new one. */
            currentPassword?: string;
            /**
             * @description 12 characters or more; not a common password, nor one with the account's own name in it. Access tokens issued so
             *     far end with the change, and so do all sessions but the one that makes it.
             * @example four small green boats
             */
            newPassword?: string;
        };
        ProfileDto: {
            /** @example 0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11 */
            id: string;
            /** @example ana@hospital.example */
            email: string | null;
            /** @example ana */
            username: string | null;
            /** @example Ana García */
            displayName: string | null;
            /**
             * @description `user`; `publisher` (publishes models), `auditor` (reads audit events and predictions), `admin`.
             * @enum {string}
             */
            role: "user" | "publisher" | "auditor" | "admin";
            /**
             * @description A suspended user's tokens and keys are refused.
             * @enum {string}
             */
            status: "active" | "suspended";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description True while the password was given out by somebody else and must be changed first. */
            mustChangePassword: boolean;
        };
        ApiKeyDto: {
            id: string;
            name: string;
            /**
             * @description The beginning of the key.
             * @example lat_5uIb2Xq9
             */
            prefix: string;
            scopes: "admin"[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To within a minute.
             */
            lastUsedAt: string | null;
        };
        ApiKeyPageDto: {
            data: components["schemas"]["ApiKeyDto"][];
            nextCursor: string | null;
        };
        CreateApiKeyDto: {
            /** @description What the key is for. */
            name: string;
            /** @description `admin` (administrators only) lets the key act with its owner's role; without it the key acts as a `user`. */
            scopes?: "admin"[];
            /**
             * @description When it ends; left out: never.
             * @example 2031-01-31T00:00:00Z
             */
            expiresAt?: string | null;
        };
        NewApiKeyDto: {
            id: string;
            name: string;
            /**
             * @description The beginning of the key.
             * @example lat_5uIb2Xq9
             */
            prefix: string;
            scopes: "admin"[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To within a minute.
             */
            lastUsedAt: string | null;
            /** @description The key itself: shown this once. */
            key: string;
        };
        TokenRequestDto: {
            /**
             * @description `password` signs in; `refresh_token` continues a session.
             * @enum {string}
             */
            grant_type: "password" | "refresh_token";
            /**
             * @description E-mail address or user name, for `password`.
             * @example ana@hospital.example
             */
            username?: string;
            /**
             * @description For `password`.
             * @example three small green boats
             */
            password?: string;
            /** @description For `refresh_token`; left out when it comes as a cookie (`X-Token-Delivery: cookie`). */
            refresh_token?: string;
        };
        TokenDto: {
            /** @description JWT (ES256) for `Authorization: Bearer`. */
            access_token: string;
            /** @enum {string} */
            token_type: "Bearer";
            /**
             * @description Seconds that the access token lives.
             * @example 1200
             */
            expires_in: number;
            /** @description Good for one use within 30 days; not here when it is delivered as a cookie. */
            refresh_token?: string;
            /** @description True while the token opens nothing but a change of the password. */
            mustChangePassword?: boolean;
        };
        OAuthErrorDto: {
            /**
             * @example invalid_grant
             * @enum {string}
             */
            error: "invalid_request" | "invalid_grant" | "unsupported_grant_type" | "unsupported_token_type" | "slow_down";
            error_description: string;
        };
        RevocationRequestDto: {
            /** @description A refresh token; left out when it comes as a cookie (`X-Token-Delivery: cookie`). */
            token?: string;
            /** @description Accepted, not needed. */
            token_type_hint?: string;
        };
        PlanDto: {
            /** @example FREEMIUM */
            name: string;
            /**
             * @description Counted requests admitted in any 60 seconds.
             * @example 5
             */
            requestsPerMinute: number;
            /**
             * @description Rows in one request.
             * @example 1000
             */
            rowsPerRequest: number;
            /**
             * @description Rows predicted in one UTC day.
             * @example 50000
             */
            rowsPerDay: number;
            /**
             * @description Streams of rows open at the same time.
             * @example 1
             */
            concurrentStreams: number;
            /** Format: date-time */
            updatedAt: string;
        };
        PlanListDto: {
            data: components["schemas"]["PlanDto"][];
        };
        ChangePlanDto: {
            /**
             * @description Counted requests admitted in any 60 seconds.
             * @example 5
             */
            requestsPerMinute?: number;
            /**
             * @description Rows in one request.
             * @example 1000
             */
            rowsPerRequest?: number;
            /**
             * @description Rows predicted in one UTC day.
             * @example 50000
             */
            rowsPerDay?: number;
            /**
             * @description Streams of rows open at the same time.
             * @example 1
             */
            concurrentStreams?: number;
        };
        AccountDto: {
            /** @example 0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11 */
            id: string;
            /** @example ana@hospital.example */
            email: string | null;
            /** @example ana */
            username: string | null;
            /** @example Ana García */
            displayName: string | null;
            /**
             * @description `user`; `publisher` (publishes models), `auditor` (reads audit events and predictions), `admin`.
             * @enum {string}
             */
            role: "user" | "publisher" | "auditor" | "admin";
            /**
             * @description A suspended user's tokens and keys are refused.
             * @enum {string}
             */
            status: "active" | "suspended";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @example FREEMIUM */
            plan: string;
            /**
             * Format: date-time
             * @description Since when; null for those who were never given a plan and have the default one.
             */
            planSince: string | null;
        };
        AccountPageDto: {
            data: components["schemas"]["AccountDto"][];
            nextCursor: string | null;
        };
        ChangeUserDto: {
            /**
             * @description The new role; nobody changes their own.
             * @enum {string}
             */
            role?: "user" | "publisher" | "auditor" | "admin";
            /**
             * @description `suspended` stops the user's tokens and keys at once; `active` lets them in again.
             * @enum {string}
             */
            status?: "active" | "suspended";
            /**
             * @description The name to show; null takes it away.
             * @example Ana García
             */
            displayName?: string | null;
        };
        ChangeSubscriptionDto: {
            /**
             * @description The name of a plan.
             * @example PREMIUM
             */
            plan: string;
        };
        SubscriptionDto: {
            userId: string;
            /** @example PREMIUM */
            plan: string;
            /**
             * Format: date-time
             * @description Since when the user has the plan.
             */
            since: string;
            /** @description The administrator who gave it. */
            grantedBy: string | null;
        };
        UsageDayDto: {
            /**
             * @description UTC date.
             * @example 2026-01-31
             */
            date: string;
            /** @description Requests on counted routes, refused ones included. */
            requests: number;
            /** @description Requests answered with a prediction. */
            predictions: number;
            /** @description Requests refused because the plan admitted no more. */
            refusals: number;
        };
        UsageDto: {
            /** @description The first UTC date looked at. */
            from: string;
            /** @description The last: today. */
            to: string;
            /** @description Days with at least one request, newest first. */
            data: components["schemas"]["UsageDayDto"][];
        };
        UserUsageDto: {
            userId: string;
            /** @description Days with at least one request, newest first; none for the id of nobody. */
            data: components["schemas"]["UsageDayDto"][];
        };
        UsersUsageDto: {
            /** @description The first UTC date looked at. */
            from: string;
            /** @description The last: today. */
            to: string;
            /** @description Of each user who was asked for, in that order. */
            data: components["schemas"]["UserUsageDto"][];
        };
        QuotaDto: {
            /**
             * @description Counted requests admitted in any `windowSeconds`.
             * @example 5
             */
            limit: number;
            /**
             * @description How many would be admitted now.
             * @example 4
             */
            remaining: number;
            /** @example 60 */
            windowSeconds: number;
            /**
             * @description Until the oldest counted request leaves the window; 0 when there is none in it.
             * @example 37
             */
            resetSeconds: number;
            /**
             * @description Rows in one request.
             * @example 1000
             */
            rowsPerRequest: number;
            /**
             * @description Rows predicted in one UTC day.
             * @example 50000
             */
            rowsPerDay: number;
            /** @description Rows predicted since midnight UTC. */
            rowsToday: number;
            /** @description Streams of rows open at the same time. */
            concurrentStreams: number;
        };
        MeDto: {
            /** @example 0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11 */
            id: string;
            /** @example ana@hospital.example */
            email: string | null;
            /** @example ana */
            username: string | null;
            /** @example Ana García */
            displayName: string | null;
            /**
             * @description `user`; `publisher` (publishes models), `auditor` (reads audit events and predictions), `admin`.
             * @enum {string}
             */
            role: "user" | "publisher" | "auditor" | "admin";
            /**
             * @description A suspended user's tokens and keys are refused.
             * @enum {string}
             */
            status: "active" | "suspended";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The password must be changed before anything else is allowed. */
            mustChangePassword: boolean;
            /** @example FREEMIUM */
            plan: string;
            quota: components["schemas"]["QuotaDto"];
        };
        RangeDto: {
            /** @example 0 */
            minimum: number;
            /** @example 99 */
            maximum: number;
        };
        AllowedValueDto: {
            /**
             * @description A text for inputs of text.
             * @example 1
             */
            value: number | string;
            /** @example Yes */
            title: string;
        };
        CodeDto: {
            /** @example http://loinc.org */
            system: string;
            /** @example 30525-0 */
            code: string;
            /** @example Age */
            display?: string;
        };
        ModelInputDto: {
            /** @example 68 */
            example?: number | string;
            /** @example age */
            name: string;
            /** @example Age */
            title: string;
            description?: string;
            /** @enum {string} */
            type: "string" | "number" | "integer";
            /**
             * @description As shown to people; UCUM where `ucum` is absent.
             * @example years
             */
            unit?: string;
            /** @example a */
            ucum?: string;
            range?: components["schemas"]["RangeDto"];
            /** @description The only values allowed. */
            values?: components["schemas"]["AllowedValueDto"][];
            code?: components["schemas"]["CodeDto"];
        };
        SignalDto: {
            /** @example heartRate */
            name: string;
            title: string;
            description?: string;
            /**
             * @description As shown to people; UCUM where `ucum` is absent.
             * @example /min
             */
            unit: string;
            /** @example /min */
            ucum?: string;
            range?: components["schemas"]["RangeDto"];
            codes?: components["schemas"]["CodeDto"][];
            /** @example 80 */
            example?: number;
        };
        ObservationsDto: {
            description?: string;
            signals: components["schemas"]["SignalDto"][];
            /**
             * @description Observations of other signals: refused, dropped as if not sent, or dropped but for their time.
             * @enum {string}
             */
            otherSignals: "drop" | "refuse" | "timestep";
            /**
             * @description Most observations of one patient.
             * @example 10000
             */
            maximum: number;
        };
        ModelClassDto: {
            /** @example risk */
            name: string;
            title: string;
        };
        ModelOutputDto: {
            /**
             * @description What the scores of a classifier are; left out, probabilities. Those of a decision function are answered as scores.
             * @enum {string}
             */
            kind?: "probabilities" | "decision";
            /** @description Binary: the second is the positive one. */
            classes?: components["schemas"]["ModelClassDto"][];
            /**
             * @description Binary: the positive class is answered from this probability of it on.
             * @example 0.5
             */
            threshold?: number;
            /** @description Regressions: the unit of the value. */
            unit?: string;
            /** @description Models of several outputs: the name of the one that holds the scores. */
            score?: string;
        };
        ModelMetricDto: {
            /** @example auc */
            name: string;
            /** @example 0.96 */
            value: number;
            /**
             * @description What it was measured on.
             * @example held-out
             */
            dataset: string;
        };
        ModelDto: {
            /** @example cardiac-risk */
            name: string;
            title: string;
            description: string | null;
            /** @enum {string} */
            task: "binary-classification" | "multiclass-classification" | "regression";
            /** @example Trained on synthetic data; not for clinical use */
            notice: string | null;
            /**
             * @description The version that answers; null: none.
             * @example 1.0.0
             */
            activeVersion: string | null;
            /** Format: date-time */
            activatedAt: string | null;
            inputs: components["schemas"]["ModelInputDto"][];
            /** @description Null: a row is its inputs alone. */
            observations: components["schemas"]["ObservationsDto"] | null;
            output: components["schemas"]["ModelOutputDto"];
            metrics: components["schemas"]["ModelMetricDto"][];
            /** Format: date-time */
            createdAt: string;
        };
        ModelPageDto: {
            data: components["schemas"]["ModelDto"][];
            nextCursor: string | null;
        };
        ArtifactDto: {
            /**
             * @example keras
             * @enum {string}
             */
            format: "tfjs" | "onnx" | "remote" | "keras" | "h5";
            /** @example 9694ee3b4a56e0f313b511f7fab18129618b18ea42e2d8c66fcec7ff1ffbfaad */
            sha256: string;
            sizeBytes: number;
        };
        ModelVersionSummaryDto: {
            id: string;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            title: string;
            /** @enum {string} */
            task: "binary-classification" | "multiclass-classification" | "regression";
            /** @description Whether nobody wrote its manifest: names, units and ranges are then what the file by itself gave to know. */
            inferred: boolean;
            /**
             * @description A rejected or retired version answers nobody.
             * @enum {string}
             */
            status: "verified" | "rejected" | "retired";
            /** @description Why it is rejected. */
            rejection: string | null;
            /** @description Whether it is the one that answers. */
            active: boolean;
            /** Format: date-time */
            lastActivatedAt: string | null;
            notice: string | null;
            metrics: components["schemas"]["ModelMetricDto"][];
            /** @description Whether it came with curves and histograms: `…/evaluation`. */
            hasEvaluation: boolean;
            artifact: components["schemas"]["ArtifactDto"];
            /** Format: date-time */
            createdAt: string;
        };
        MetricComparisonDto: {
            /** @example auc */
            name: string;
            /** @example held-out */
            dataset: string;
            /** @description Null: not measured. */
            a: number | null;
            /** @description Null: not measured. */
            b: number | null;
            /** @description b − a; null where one of them was not measured. */
            difference: number | null;
        };
        InputComparisonDto: {
            /** @description Inputs and signals that only `b` takes. */
            added: string[];
            /** @description Inputs and signals that only `a` takes. */
            removed: string[];
            /** @description Those that both take, declared differently; `observations` where the windows or their rules differ. */
            changed: string[];
        };
        VersionComparisonDto: {
            /** @example cardiac-risk */
            model: string;
            a: components["schemas"]["ModelVersionSummaryDto"];
            b: components["schemas"]["ModelVersionSummaryDto"];
            metrics: components["schemas"]["MetricComparisonDto"][];
            inputs: components["schemas"]["InputComparisonDto"];
            /** @description Whether a client of `a` is answered by `b` in the same form: the same inputs and the same classes. */
            interchangeable: boolean;
            sameArtifact: boolean;
        };
        ActivateDto: {
            /**
             * @description The version that shall answer from now on.
             * @example 1.0.0
             */
            version: string;
            /**
             * @description Why; kept in the history and in the audit trail.
             * @example better calibrated on the March cohort
             */
            reason?: string;
            /** @description The version shall answer although the model's policy has something against it; needs a reason. */
            override?: boolean;
        };
        ActivationDto: {
            id: string;
            /** @example cardiac-risk */
            model: string;
            /**
             * @description The version activated.
             * @example 1.0.0
             */
            version: string;
            /** @description The version that answered before; null for the first. */
            previousVersion: string | null;
            /**
             * @description `rollback`: the version that had answered before was put back.
             * @enum {string}
             */
            kind: "activation" | "rollback";
            reason: string | null;
            /** @description What the policy had against the version, where an administrator activated it all the same; null: nothing. */
            overridden: string[] | null;
            /** @description The user who did it; null: the server itself at its first start. */
            activatedBy: string | null;
            /** Format: date-time */
            activatedAt: string;
        };
        ActivationPageDto: {
            data: components["schemas"]["ActivationDto"][];
            nextCursor: string | null;
        };
        RollBackDto: {
            /**
             * @description Why; kept in the history and in the audit trail.
             * @example alarms on the night shift
             */
            reason?: string;
        };
        MetricRuleDto: {
            /**
             * @description A metric of the versions.
             * @example auc
             */
            name: string;
            /**
             * @description What it was measured on.
             * @example held-out
             */
            dataset: string;
            /** @example 0.85 */
            minimum?: number;
            maximum?: number;
            /**
             * @description Below the active version's value, at most.
             * @example 0.02
             */
            maximalDrop?: number;
            /** @description Above the active version's value, at most: for what is better when it is small, such as `brier`. */
            maximalRise?: number;
        };
        VerificationRuleDto: {
            /** @description The version was compared with golden rows. */
            golden?: boolean;
            /**
             * @description So many engines computed it, and agreed.
             * @example 2
             */
            engines?: number;
        };
        PolicyDto: {
            metrics?: components["schemas"]["MetricRuleDto"][];
            verification?: components["schemas"]["VerificationRuleDto"];
            /** @description What the model card must say. */
            cardFields?: ("notice" | "description" | "card" | "evaluation" | "provenance.author" | "provenance.license" | "provenance.framework" | "provenance.command" | "provenance.data")[];
        };
        ObjectionDto: {
            /**
             * @description JSON Pointer into the policy.
             * @example /metrics/0
             */
            pointer: string;
            detail: string;
        };
        GateDto: {
            /** @example cardiac-risk */
            model: string;
            /** @example 1.1.0 */
            version: string;
            /** @description The version it is compared with; null: none is active. */
            activeVersion: string | null;
            passed: boolean;
            /** @description What the policy has against it. */
            objections: components["schemas"]["ObjectionDto"][];
        };
        CanaryDto: {
            /**
             * @description The version that answers a part of those who ask.
             * @example 1.1.0
             */
            version: string;
            /**
             * @description Which part, of the patients by `subject`, or of the users where none is named.
             * @example 0.1
             */
            share: number;
        };
        TrafficDto: {
            /** @example cardiac-risk */
            model: string;
            /** @description Null: everybody is answered by the active version. */
            canary: components["schemas"]["CanaryDto"] | null;
            /**
             * @example [
             *       "1.1.0"
             *     ]
             */
            shadows: string[];
            reason: string | null;
            /** @description What the policy had against the canary, where an administrator gave it a share all the same; null: nothing. */
            overridden: string[] | null;
            /** @description The user who changed it; null: an operator or the server itself, or nothing was ever changed. */
            changedBy: string | null;
            /**
             * Format: date-time
             * @description Null: it was never changed.
             */
            changedAt: string | null;
        };
        SetTrafficDto: {
            canary?: components["schemas"]["CanaryDto"];
            /**
             * @description Versions that compute every row as well, recorded and never answered.
             * @example [
             *       "1.1.0"
             *     ]
             */
            shadows?: string[];
            /**
             * @description Why; kept in the history and in the audit trail.
             * @example a tenth of the patients for a week
             */
            reason?: string;
            /** @description The canary shall answer although the model's policy has something against it; needs a reason. */
            override?: boolean;
        };
        TrafficPageDto: {
            data: components["schemas"]["TrafficDto"][];
            nextCursor: string | null;
        };
        OpsetDto: {
            /** @example ai.onnx.ml */
            domain: string;
            /** @example 3 */
            version: number;
        };
        ModelPartDto: {
            /**
             * @description A layer's class, or an operator.
             * @example Dense
             */
            name: string;
            /** @example 3 */
            count: number;
        };
        TensorDto: {
            /**
             * @description Of one row; null: an axis of any size.
             * @example [
             *       6
             *     ]
             */
            shape: (number | null)[];
            /** @example float_input */
            name: string;
            /** @example float32 */
            type: string;
        };
        InspectionDto: {
            /** @description A manifest as far as the file goes; null where it does not go far enough. */
            manifest: {
                [key: string]: unknown;
            } | null;
            /**
             * @example onnx
             * @enum {string}
             */
            format: "tfjs" | "onnx" | "remote" | "keras" | "h5";
            /** @example 9694ee3b4a56e0f313b511f7fab18129618b18ea42e2d8c66fcec7ff1ffbfaad */
            sha256: string;
            sizeBytes: number;
            /** @description What wrote the file, with its version. */
            writtenBy: string;
            /** @description Of ONNX files. */
            opsets: components["schemas"]["OpsetDto"][];
            /** @description Layers of Keras and TensorFlow.js, operators of ONNX, most frequent first. */
            parts: components["schemas"]["ModelPartDto"][];
            /** @description Numbers that training has found. */
            parameters: number;
            inputs: components["schemas"]["TensorDto"][];
            outputs: components["schemas"]["TensorDto"][];
            /** @description In the order of the scores; null where the file does not name them. */
            classes: string[] | null;
            /** @description Why it would not serve, or what only its author can tell; empty where the draft can be published as it is. */
            problems: string[];
            /** @description The same as YAML, to be edited. */
            manifestYaml: string | null;
        };
        WindowDto: {
            /** @example 20 */
            samples: number;
            /** @example 300 */
            samplingInterval?: number;
            tolerance?: number;
            longestGap?: number;
            longestForwardFill?: number;
            span?: number;
            /** @enum {string} */
            duplicates?: "mean" | "refuse";
            /** @enum {string} */
            order?: "any" | "ascending";
        };
        FeatureStepDto: {
            minMax?: {
                [key: string]: unknown;
            };
            standardize?: {
                [key: string]: unknown;
            };
            standardizeWindow?: {
                [key: string]: unknown;
            };
            oneHot?: {
                [key: string]: unknown;
            };
            impute?: {
                [key: string]: unknown;
            };
            window?: components["schemas"]["WindowDto"];
            /** @description Names of columns, in the order of the model's. */
            select?: string[];
        };
        ProvenanceDto: {
            createdAt?: string;
            author?: string;
            license?: string;
            /** @example keras 3.15.1 on jax 0.10.2 */
            framework?: string;
            /** @description What to run to make this version again. */
            command?: string;
            seed?: number;
            /** @description What the model was trained and evaluated on. */
            data?: string;
        };
        ManifestFaultDto: {
            /**
             * @description JSON Pointer into the manifest.
             * @example /output/classes
             */
            pointer: string;
            detail: string;
        };
        VerificationFaultDto: {
            /** @example MODEL_DOES_NOT_FIT */
            code: string;
            errors?: components["schemas"]["ManifestFaultDto"][];
        };
        ToleranceDto: {
            absolute: number;
            relative: number;
        };
        RandomRowsDto: {
            count: number;
            seed: number;
        };
        EngineDto: {
            /** @enum {string} */
            name: "tfjs" | "onnx" | "remote";
            version: string;
            processor: string;
        };
        UnavailableEngineDto: {
            /** @enum {string} */
            engine: "tfjs" | "onnx" | "remote";
            reason: string;
        };
        ComparisonDto: {
            /**
             * @description `golden`: against the training framework; `engines`: one against another; `alone`: a row alone against in a batch.
             * @enum {string}
             */
            kind: "golden" | "engines" | "alone";
            /** @enum {string} */
            engine: "tfjs" | "onnx" | "remote";
            /** @description What the scores were compared with. */
            against: string;
            rows: number;
            /** @description Scores compared. */
            values: number;
            maxAbsoluteDifference: number;
            maxRelativeDifference: number;
            /** @description Whether every score is the same to the last bit. */
            identical: boolean;
            passed: boolean;
            failure?: string;
        };
        BatchInvarianceDto: {
            /** @enum {string} */
            engine: "tfjs" | "onnx" | "remote";
            /** @description A row's scores were the same to the last bit alone and in each of `batchSizes`. */
            batchInvariant: boolean;
            /**
             * @example [
             *       2,
             *       7,
             *       32,
             *       256
             *     ]
             */
            batchSizes: number[];
        };
        VerificationDto: {
            verifiedAt: string;
            passed: boolean;
            reason?: string;
            /** @description What kind of fault that is, and where in the manifest; absent where scores differ. */
            fault?: components["schemas"]["VerificationFaultDto"];
            /** @description A score may differ by `absolute + relative · |expected|`. */
            tolerance: components["schemas"]["ToleranceDto"];
            /** @description Rows drawn within the declared ranges for the comparisons that are not `golden`. */
            randomRows: components["schemas"]["RandomRowsDto"];
            /** @description Those that computed the model. */
            engines: components["schemas"]["EngineDto"][];
            unavailable: components["schemas"]["UnavailableEngineDto"][];
            /** @description True where no second engine could check the first. */
            singleEngine: boolean;
            comparisons: components["schemas"]["ComparisonDto"][];
            /** @description Where it is not so, rows of several requests are never computed together. Absent in older records. */
            batchInvariance?: components["schemas"]["BatchInvarianceDto"][];
        };
        ModelVersionDto: {
            /**
             * @description From a row's values to the model's columns, in order; empty: all inputs in their order. Of a model of several inputs
             *     the steps to each, by the input's name.
             */
            features: components["schemas"]["FeatureStepDto"][] | {
                [key: string]: components["schemas"]["FeatureStepDto"][];
            };
            description: string | null;
            inputs: components["schemas"]["ModelInputDto"][];
            /** @description Null: a row is its inputs alone. */
            observations: components["schemas"]["ObservationsDto"] | null;
            output: components["schemas"]["ModelOutputDto"];
            provenance: components["schemas"]["ProvenanceDto"] | null;
            /** @description One for each engine version that has verified it, oldest first. */
            verifications: components["schemas"]["VerificationDto"][];
            id: string;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            title: string;
            /** @enum {string} */
            task: "binary-classification" | "multiclass-classification" | "regression";
            /** @description Whether nobody wrote its manifest: names, units and ranges are then what the file by itself gave to know. */
            inferred: boolean;
            /**
             * @description A rejected or retired version answers nobody.
             * @enum {string}
             */
            status: "verified" | "rejected" | "retired";
            /** @description Why it is rejected. */
            rejection: string | null;
            /** @description Whether it is the one that answers. */
            active: boolean;
            /** Format: date-time */
            lastActivatedAt: string | null;
            notice: string | null;
            metrics: components["schemas"]["ModelMetricDto"][];
            /** @description Whether it came with curves and histograms: `…/evaluation`. */
            hasEvaluation: boolean;
            artifact: components["schemas"]["ArtifactDto"];
            /** Format: date-time */
            createdAt: string;
        };
        ModelCardDto: {
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            title: string;
            description: string | null;
            notice: string | null;
            /** @enum {string} */
            task: "binary-classification" | "multiclass-classification" | "regression";
            /** @enum {string} */
            status: "verified" | "rejected" | "retired";
            inputs: components["schemas"]["ModelInputDto"][];
            observations: components["schemas"]["ObservationsDto"] | null;
            output: components["schemas"]["ModelOutputDto"];
            metrics: components["schemas"]["ModelMetricDto"][];
            provenance: components["schemas"]["ProvenanceDto"] | null;
            artifact: components["schemas"]["ArtifactDto"];
            verifications: components["schemas"]["VerificationDto"][];
            /** @description The same in words, Markdown. */
            text: string;
        };
        ModelVersionPageDto: {
            data: components["schemas"]["ModelVersionSummaryDto"][];
            nextCursor: string | null;
        };
        LearningCurveDto: {
            /** @example loss */
            name: string;
            /** @description One value an epoch. */
            train: number[];
            /** @description One value an epoch. */
            validation?: number[];
        };
        ClassMetricsDto: {
            /** @description The class against the rest. */
            class: string;
            /** @description precision, recall, f1, auc, brier, … by name. */
            metrics: {
                [key: string]: number;
            };
        };
        ConfusionMatrixDto: {
            /** @description counts[actual][predicted], both in the order of `classes`. */
            counts: number[][];
            classes: string[];
        };
        RocPointDto: {
            falsePositiveRate: number;
            truePositiveRate: number;
            /** @description The probability from which on a row was called this class; null at (0, 0), where none was. */
            threshold: number | null;
        };
        RocCurveDto: {
            /** @description The class against the rest. */
            class: string;
            points: components["schemas"]["RocPointDto"][];
        };
        CalibrationBinDto: {
            /** @description Lowest probability in the bin. */
            lower: number;
            /** @description Highest probability in the bin. */
            upper: number;
            count: number;
            meanPredicted: number;
            /** @description Share of the bin's rows that are of the class. */
            observed: number;
        };
        CalibrationDto: {
            /** @description The class against the rest. */
            class: string;
            /** @description Rows sorted by probability and cut into groups of equal size. */
            bins: components["schemas"]["CalibrationBinDto"][];
        };
        HistogramDto: {
            /** @example age */
            name: string;
            /** @description Ascending, one more than `counts`; a bin holds its lower edge and not its upper one, but for the last, which holds both. */
            edges?: number[];
            /** @description In place of edges: the values an input can take. */
            values?: number[];
            counts: number[];
        };
        DatasetEvaluationDto: {
            /** @example held-out */
            name: string;
            title: string;
            rows: number;
            /** @description Rows of each class, in the order of `classes`. */
            classCounts: number[];
            /** @description accuracy, precision, recall, f1, auc, brier, … by name; of several classes the means over them. */
            metrics: {
                [key: string]: number;
            };
            /** @description Of several classes: each one's own. */
            classMetrics?: components["schemas"]["ClassMetricsDto"][];
            confusionMatrix: components["schemas"]["ConfusionMatrixDto"];
            roc?: components["schemas"]["RocCurveDto"][];
            calibration?: components["schemas"]["CalibrationDto"][];
            histograms?: components["schemas"]["HistogramDto"][];
        };
        EvaluationDto: {
            schemaVersion: number;
            /** @example binary-classification */
            task: string;
            /** @description Binary: the second is the positive one. */
            classes: string[];
            /** @description Binary: the confusion matrix was counted at it. */
            threshold?: number;
            learningCurves?: components["schemas"]["LearningCurveDto"][];
            datasets: components["schemas"]["DatasetEvaluationDto"][];
        };
        ExampleDto: {
            /** @description One row as `input` of a prediction takes it; its schema is the version's. */
            input: {
                [key: string]: unknown;
            };
            /**
             * @description Its own among the version's.
             * @example cardiogenic-shock
             */
            name: string;
            title: string;
            /**
             * @description The class that is answered; null: not stated.
             * @example shock_cardiogenico
             */
            label: string | null;
        };
        VersionExamplesDto: {
            /** @example haemodynamic-shock */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** @example Trained on synthetic data; not for clinical use */
            notice: string | null;
            data: components["schemas"]["ExampleDto"][];
        };
        PredictionRequestDto: {
            /**
             * @description One row: the model's inputs by name; of a model of windows `observations`, a list of `{signal, value, time, unit?}` of
             *     one patient. `GET /v1/models/{model}/versions/{version}/schema` says which.
             * @example {
             *       "cholesterol": 2.45,
             *       "systolicPressure": 1.35,
             *       "glucose": 1.75,
             *       "age": 68,
             *       "overweight": 0,
             *       "smoker": 0
             *     }
             */
            input?: {
                [key: string]: unknown;
            };
            /** @description Several rows, 1 to 1,000, instead of `input`. */
            inputs?: {
                [key: string]: unknown;
            }[];
            /**
             * @description The version to ask; left out, the active one. Users name versions that are or were active, administrators any
             *     verified one.
             * @example 1.0.0
             */
            version?: string;
            /** @description Your own reference of the patient of `input`; it comes back in the answer and can be searched for. */
            subject?: string | null;
            /** @description Your own references of the patients of `inputs`, in their order. */
            subjects?: (string | null)[] | null;
            /**
             * @description Not available yet: anything but `false` is refused.
             * @enum {boolean}
             */
            explain?: false;
        };
        PredictionResultDto: {
            /**
             * @description Probability of each class, by name.
             * @example {
             *       "no-risk": 0.07,
             *       "risk": 0.93
             *     }
             */
            probabilities?: {
                [key: string]: number;
            };
            /** @description Of such a classifier: the value of its decision function for each class, by name. */
            scores?: {
                [key: string]: number;
            };
            /**
             * @description The class answered.
             * @example risk
             */
            label?: string;
            /**
             * @description Probability of that class.
             * @example 0.93
             */
            probability?: number;
            /** @description Of a classifier whose scores are no probabilities, instead of one: the largest. */
            score?: number;
            /** @description Of a regression, instead of the others. */
            value?: number;
        };
        PredictionDto: {
            /** Format: uuid */
            id: string;
            /** @description With `input`: your own reference of the patient. */
            subject?: string | null;
            /** @description With `inputs`: your own references, in their order; null when none was sent. */
            subjects?: (string | null)[] | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description What the model's maker says of its use.
             * @example Trained on synthetic data; not for clinical use
             */
            notice: string | null;
            /** @description One a row, in the order of the rows. */
            results: components["schemas"]["PredictionResultDto"][];
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
        };
        PredictionSummaryDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            userId: string;
            /** @description Of a single row; null in another user's prediction. */
            result: components["schemas"]["PredictionResultDto"] | null;
            /**
             * @description Rows by answered class; null for a regression and in another user's prediction.
             * @example {
             *       "risk": 1
             *     }
             */
            labels: {
                [key: string]: number;
            } | null;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            createdAt: string;
            rowCount: number;
            /** @description Of a single row; null in another user's prediction, which has to be opened (and that is audited). */
            subject: string | null;
        };
        PredictionPageDto: {
            data: components["schemas"]["PredictionSummaryDto"][];
            nextCursor: string | null;
        };
        PredictionSearch: {
            /**
             * @description How many to answer; left out, 50.
             * @example 50
             */
            limit?: number;
            /** @description `nextCursor` of the page before. */
            cursor?: string;
            /**
             * @description Predictions of this model.
             * @example cardiac-risk
             */
            model?: string;
            /**
             * @description Predictions of this version.
             * @example 1.0.0
             */
            version?: string;
            /**
             * @description Predictions with a row answered so. A list looks for them among 5,000 predictions a page: a page may hold fewer than
             *     asked for, even none, and yet have a `nextCursor`.
             * @example risk
             */
            label?: string;
            /** @description Made at this moment or later. */
            from?: string;
            /** @description Made before this moment. */
            to?: string;
            /**
             * Format: uuid
             * @description Predictions of this user: for auditors and administrators, who otherwise see everybody's.
             */
            userId?: string;
            /** @description Predictions with a row of this patient, by your own reference. It stands in the body, never in a URL. */
            subject?: string;
        };
        PredictionTimingsDto: {
            authMs: number | null;
            quotaMs: number | null;
            /** @description Reading and checking the rows. */
            validateMs: number | null;
            inferMs: number | null;
            /** @description Until the record was committed. */
            recordMs: number | null;
            /** @description Until the answer was out. */
            totalMs: number;
        };
        PredictionDetailDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            userId: string;
            /**
             * Format: uuid
             * @description The API key it was asked with, or null for an access token.
             */
            apiKeyId: string | null;
            /**
             * @description Of the request, which of a file made many predictions; of a batch, of the request that sent it. Null until its log is
             *     written, some moments after the answer, and when the log's month is gone.
             */
            timings: components["schemas"]["PredictionTimingsDto"] | null;
            /** @description Of a single row: the client's own reference of the patient. */
            subject?: string | null;
            /** @description Of several rows: the client's own references, in their order; null when none was sent. */
            subjects?: (string | null)[] | null;
            /** @description The rows as they were sent; null for one that was erased. */
            inputs: ({
                [key: string]: unknown;
            } | null)[];
            /** @description What the model itself computed for each row. */
            scores: (number[] | null)[];
            results: components["schemas"]["PredictionResultDto"][];
            /** @description What really happened, of each row; null where nobody has said so yet. */
            outcomes: (components["schemas"]["OutcomeDto"] | null)[];
            /** @description Whether what it says of a patient was erased. */
            erased: boolean;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the quota admitted the request.
             */
            admittedAt: string;
            requestId: string;
            notice: string | null;
            /**
             * @description What computed it.
             * @example onnx
             */
            engine: string;
            engineVersion: string;
            processor: string;
            rowCount: number;
        };
        OutcomeDto: {
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description When it was observed; null where it was erased.
             */
            observedAt: string | null;
            /**
             * Format: uuid
             * @description Who said so.
             */
            userId: string;
            /** @description Counted from 0. */
            row: number;
            /** @description 1 for the first one of the row; a correction has the next number, and the highest one holds. */
            revision: number;
            /**
             * @description What happened, as one of the model's classes; not there for a regression, and where it was erased.
             * @example risk
             */
            label?: string;
            /** @description Of a regression, instead of `label`. */
            value?: number;
            note: string | null;
            /**
             * Format: date-time
             * @description When it was recorded.
             */
            createdAt: string;
            /** @description Whether what it says of a patient was erased. */
            erased: boolean;
        };
        PredictionRowDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            userId: string;
            /**
             * Format: uuid
             * @description The API key it was asked with, or null for an access token.
             */
            apiKeyId: string | null;
            /**
             * @description Of the request, which of a file made many predictions; of a batch, of the request that sent it. Null until its log is
             *     written, some moments after the answer, and when the log's month is gone.
             */
            timings: components["schemas"]["PredictionTimingsDto"] | null;
            input: {
                [key: string]: unknown;
            } | null;
            scores: number[] | null;
            result: components["schemas"]["PredictionResultDto"] | null;
            /** @description What really happened; null where nobody has said so yet. */
            outcome: components["schemas"]["OutcomeDto"] | null;
            /** @description Counted from 0, in the order of the rows. */
            row: number;
            /** @description The client's own reference of the patient. */
            subject: string | null;
            /** @description Whether the row was erased. */
            erased: boolean;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the quota admitted the request.
             */
            admittedAt: string;
            requestId: string;
            notice: string | null;
            /**
             * @description What computed it.
             * @example onnx
             */
            engine: string;
            engineVersion: string;
            processor: string;
            rowCount: number;
        };
        PredictionExport: {
            /**
             * @description Predictions of this model.
             * @example cardiac-risk
             */
            model?: string;
            /**
             * @description Predictions of this version.
             * @example 1.0.0
             */
            version?: string;
            /**
             * @description Predictions with a row answered so. A list looks for them among 5,000 predictions a page: a page may hold fewer than
             *     asked for, even none, and yet have a `nextCursor`.
             * @example risk
             */
            label?: string;
            /** @description Made at this moment or later. */
            from?: string;
            /** @description Made before this moment. */
            to?: string;
            /**
             * Format: uuid
             * @description Predictions of this user: for auditors and administrators, who otherwise see everybody's.
             */
            userId?: string;
            /** @description Rows of this patient alone, by your own reference. It stands in the body, never in a URL. */
            subject?: string;
        };
        BatchErrorDto: {
            /**
             * @description As docs/errors.md lists them
             * @example BATCH_ROWS_REJECTED
             */
            code: string;
            detail: string;
            /** @description Rows at fault as `/rows/{n}`, from 1 below the header, or columns. */
            errors?: components["schemas"]["FieldErrorDto"][];
        };
        BatchDto: {
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Who sent the file
             */
            userId: string;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            /** @enum {string} */
            onError: "continue" | "abort";
            /** @description Rows that are done, those at fault included. */
            rowsDone: number;
            /** @description Rows at fault: answered with an error */
            rowsRejected: number;
            /** @description While it runs */
            rowsPerSecond: number | null;
            /** @description While it runs, by the part of the file that is read */
            secondsLeft: number | null;
            /**
             * @description Part of the file that is done, 0 to 1
             * @example 0.42
             */
            progress: number;
            inputBytes: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /**
             * Format: date-time
             * @description The batch and its results are kept until then
             */
            expiresAt: string;
            /** @description Why it failed */
            error: components["schemas"]["BatchErrorDto"] | null;
        };
        BatchPageDto: {
            data: components["schemas"]["BatchDto"][];
            nextCursor: string | null;
        };
        LatencyPercentilesDto: {
            /** @example 0.4 */
            p50Ms: number;
            /** @example 0.7 */
            p90Ms: number;
            /** @example 2.1 */
            p99Ms: number;
        };
        VersionLatencyDto: {
            /**
             * Format: date-time
             * @description When the first of them was made; null where there is none.
             */
            from: string | null;
            /**
             * Format: date-time
             * @description When the last of them was made.
             */
            to: string | null;
            /** @description Of the computation alone. */
            infer: components["schemas"]["LatencyPercentilesDto"] | null;
            /** @description From the request's arrival until its answer was out. */
            total: components["schemas"]["LatencyPercentilesDto"] | null;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** @description That were measured: the newest ones, 1,000 at most. */
            predictions: number;
        };
        ReplayedRowDto: {
            /** @description What the model itself computed when it was asked. */
            recorded: number[];
            /** @description What it computes now. */
            replayed: number[];
            /** @description Of two scores, absolute; null where there are not as many now as there were. */
            largestDifference: number | null;
            /** @description Counted from 0, in the order of the rows. */
            row: number;
            /** @description Whether all of its scores are the same to the last bit. */
            identical: boolean;
        };
        EnvironmentDto: {
            /** @example onnx */
            name: string;
            version: string;
            processor: string;
        };
        ReplayEnvironmentsDto: {
            /** @description What would compute it if it were asked for here and now; null where nothing serves the version. */
            serving: components["schemas"]["EnvironmentDto"] | null;
            /** @description What computed the prediction. */
            recorded: components["schemas"]["EnvironmentDto"];
            /** @description What computed it again. */
            replayed: components["schemas"]["EnvironmentDto"];
        };
        ReplayDto: {
            /**
             * Format: uuid
             * @description Of the prediction; a replay is none, and is not recorded as one.
             */
            id: string;
            /**
             * @description What the model's maker says of its use.
             * @example Trained on synthetic data; not for clinical use
             */
            notice: string | null;
            /** @description Of all rows that were compared; null where a row has not as many scores now as it had. */
            largestDifference: number | null;
            /** @description Rows that were not compared because what they said of a patient was erased. */
            erasedRows: number[];
            /** @description Of at most 100 rows all; of more, those that are not identical, the first 100 of them. */
            rows: components["schemas"]["ReplayedRowDto"][];
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            replayedAt: string;
            /** @description Whether every score of the rows that were compared is the same to the last bit. */
            identical: boolean;
            /** @description Whether engine, library and processor are those that computed the prediction: else the last bits may differ. */
            sameEnvironment: boolean;
            engine: components["schemas"]["ReplayEnvironmentsDto"];
            /** @description Rows of the prediction. */
            rowCount: number;
            /** @description Rows that were compared: all that are not erased, or the one that was named. */
            comparedRows: number;
            /** @description Of these, how many are not identical. */
            differentRows: number;
        };
        PutOutcomeDto: {
            /**
             * @description What happened, as one of the model's classes. Of a regression left out.
             * @example risk
             */
            label?: string | null;
            /** @description Of a regression, instead of `label`: what was measured, in the unit of the model's output. */
            value?: number | null;
            /** @description In words, for whoever reads the outcome. */
            note?: string | null;
            /**
             * @description When it was observed. Not in the future; it may lie before the prediction, which may be made of an earlier patient's
             *     values.
             * @example 2026-01-31T10:00:00Z
             */
            observedAt: string;
        };
        OutcomePageDto: {
            data: components["schemas"]["OutcomeDto"][];
            nextCursor: string | null;
        };
        LatencyDto: {
            mean: number;
            p95: number;
        };
        ServedComparisonDto: {
            /**
             * @description Which answered.
             * @example 1.0.0
             */
            answered: string;
            /**
             * @description Which computed in shadow.
             * @example 1.1.0
             */
            shadow: string;
            /** @description Predictions that both were to compute. */
            predictions: number;
            /** @description Those that the version in shadow could not compute, because it takes other rows or has no answer. */
            failed: number;
            /** @description Rows that both computed. */
            rows: number;
            /** @description Of the rows: those with the same answer; null without any. */
            agreement: number | null;
            /** @description Between the answered probability, score or value and the other version's for the same class. */
            meanDifference: number | null;
            largestDifference: number | null;
            answeredLatencyMs: components["schemas"]["LatencyDto"] | null;
            shadowLatencyMs: components["schemas"]["LatencyDto"] | null;
        };
        TrafficComparisonDto: {
            /** @example cardiac-risk */
            model: string;
            /** @example 1.1.0 */
            version: string;
            /** @description Each version that it was compared with, the one compared most often first. */
            comparisons: components["schemas"]["ServedComparisonDto"][];
        };
        /**
         * @description What `meanScore` is the mean of. Classifiers: the probability of the positive class where there are two, else that of the answered
         *     class (0 to 1), or the decision function's value for that class; regressions: the value, in the model's unit. Null before there is one.
         * @enum {string}
         */
        ScoreKind: "positive-probability" | "answered-probability" | "positive-decision" | "answered-decision" | "value";
        PredictionDayDto: {
            /**
             * @description Rows by answered class; empty for a regression. Rows that were erased before they were counted are in no class.
             * @example {
             *       "risk": 12,
             *       "no-risk": 30
             *     }
             */
            labels: {
                [key: string]: number;
            };
            /**
             * @description What `meanScore` is the mean of. Classifiers: the probability of the positive class where there are two, else that of the answered
             *     class (0 to 1), or the decision function's value for that class; regressions: the value, in the model's unit. Null before there is one.
             */
            score: components["schemas"]["ScoreKind"] | null;
            /** @description Over the rows; null without any. */
            meanScore: number | null;
            /**
             * @description `file`: rows of CSV streams and batches; `request`: all others.
             * @enum {string}
             */
            source: "request" | "file";
            /**
             * @description UTC.
             * @example 2026-01-31
             */
            date: string;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** @description Rows of a file come in several predictions. */
            predictions: number;
            rows: number;
        };
        ScoredFileDto: {
            /**
             * @description Rows by answered class; empty for a regression. Rows that were erased before they were counted are in no class.
             * @example {
             *       "risk": 12,
             *       "no-risk": 30
             *     }
             */
            labels: {
                [key: string]: number;
            };
            /**
             * @description What `meanScore` is the mean of. Classifiers: the probability of the positive class where there are two, else that of the answered
             *     class (0 to 1), or the decision function's value for that class; regressions: the value, in the model's unit. Null before there is one.
             */
            score: components["schemas"]["ScoreKind"] | null;
            /** @description Over the rows; null without any. */
            meanScore: number | null;
            /**
             * Format: uuid
             * @description Of a batch its id; of a stream the id of its admission, as the request log has it.
             */
            id: string;
            /**
             * @description `stream`: answered in the request that brought it.
             * @enum {string}
             */
            kind: "stream" | "batch";
            /**
             * Format: date-time
             * @description When it was admitted.
             */
            createdAt: string;
            /** @example cardiac-risk */
            model: string;
            /** @example 1.0.0 */
            version: string;
            /** @description A patient of it was erased: then neither classes nor scores of the file are told any more. */
            erased: boolean;
            /** @description Rows of a file come in several predictions. */
            predictions: number;
            rows: number;
        };
        ServicePredictionsDto: {
            /**
             * @description First day, UTC.
             * @example 2026-01-18
             */
            from: string;
            /**
             * @description Last day, UTC: today.
             * @example 2026-01-31
             */
            to: string;
            /**
             * Format: date-time
             * @description Everything that was answered before this moment is counted; what came later may be.
             */
            asOf: string;
            /** @description The newest first; days without predictions are left out. */
            days: components["schemas"]["PredictionDayDto"][];
            /** @description The newest 50 that were admitted in these days, with what was predicted of them so far. */
            files: components["schemas"]["ScoredFileDto"][];
        };
    };
    responses: {
        /** @description The body cannot be read */
        "Refusal-400": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description There is no token or key, or it does not hold; `WWW-Authenticate` says which */
        "Refusal-401": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description The caller's role does not allow it */
        "Refusal-403": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description There is no such thing, or none that the caller may see */
        "Refusal-404": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description The body is larger than the route reads */
        "Refusal-413": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description The body is of a type that the route does not read */
        "Refusal-415": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description Values are missing, unknown, of the wrong type or out of range; `errors` names each */
        "Refusal-422": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description Too many requests; `Retry-After` says when to come back */
        "Refusal-429": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description Refused: what is wrong, as a stable code and a sentence */
        "Refusal-default": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDto"];
            };
        };
        /** @description The body cannot be read */
        "InferenceRefusal-400": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description There is no token or key, or it does not hold; `WWW-Authenticate` says which */
        "InferenceRefusal-401": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description The caller's role does not allow it */
        "InferenceRefusal-403": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description There is no such thing, or none that the caller may see */
        "InferenceRefusal-404": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description The body is larger than the route reads */
        "InferenceRefusal-413": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description The body is of a type that the route does not read */
        "InferenceRefusal-415": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description Values are missing, unknown, of the wrong type or out of range; `errors` names each */
        "InferenceRefusal-422": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description Too many requests; `Retry-After` says when to come back */
        "InferenceRefusal-429": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
        /** @description Refused: what is wrong, as a stable code and a sentence */
        "InferenceRefusal-default": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: string;
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    operations_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "live";
                    };
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    operations_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not ready";
                        /**
                         * @example {
                         *       "database": "ok",
                         *       "models": "ok"
                         *     }
                         */
                        checks: {
                            [key: string]: "ok" | "failing";
                        };
                    };
                };
            };
            /** @description Not ready; `checks` says what is failing */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not ready";
                        /**
                         * @example {
                         *       "database": "ok",
                         *       "models": "ok"
                         *     }
                         */
                        checks: {
                            [key: string]: "ok" | "failing";
                        };
                    };
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    operations_service: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceMetricsDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    operations_events: {
        parameters: {
            query?: {
                /** @description Seconds from one event to the next; left out, 2. */
                everySeconds?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    audit_events: {
        parameters: {
            query?: {
                /** @description Events of this actor. */
                actorId?: string;
                /** @description Events of actors of this kind: what the server or an operator did has no actor's id. */
                actorKind?: "user" | "anonymous" | "api-key" | "system";
                /** @description Events of this action. */
                action?: "user.registered" | "user.invited" | "user.updated" | "user.role-changed" | "user.status-changed" | "user.password-changed" | "user.password-reset" | "session.started" | "session.refused" | "session.refresh-reused" | "session.revoked" | "session.revoked-everywhere" | "api-key.created" | "api-key.revoked" | "plan.changed" | "subscription.changed" | "model-version.registered" | "model-version.rejected" | "model-version.activated" | "model-version.rolled-back" | "model-version.retired" | "model-version.restored" | "model-version.deleted" | "model-policy.changed" | "model-traffic.changed" | "legacy-lab.model-chosen" | "prediction.read-by-other" | "batch.read-by-other" | "prediction.replayed" | "prediction.outcome-recorded" | "subject.erased" | "record.month-dropped" | "audit.key-rotated" | "record.backed-up" | "record.restored";
                /** @description Kind of the thing acted on. */
                targetType?: "session" | "user" | "record" | "plan" | "api-key" | "model" | "model-version" | "prediction" | "batch";
                /** @description Id of the thing acted on. */
                targetId?: string;
                /** @description From this moment on. */
                from?: string;
                /** @description Before this moment. */
                to?: string;
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    audit_checkpoints: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCheckpointPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    audit_proof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditProofDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    audit_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditVerifyRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerificationDto"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            /** @description The record is being verified already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    refusals_list: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description One status of 400 to 599, or a class of them. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    users_list: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Part of the e-mail address, user name or display name. */
                q?: string;
                /** @description Users with this role. */
                role?: "user" | "publisher" | "auditor" | "admin";
                /** @description Users with this status. */
                status?: "active" | "suspended";
                /** @description Users who have this plan, by default or because they were given it. */
                plan?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    accounts_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            /** @description Registration is closed, or by invitation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The e-mail address or user name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            /** @description Too many registrations from this address */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    me_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    accounts_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeMeDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            /** @description The current password is wrong */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    accounts_signOutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions are over */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal-401"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    apiKeys_list: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    apiKeys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKeyDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKeyDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            /** @description Only an administrator makes keys with the scope admin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The account has as many keys as one may have */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    apiKeys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    token_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description The refresh token goes and comes as an HttpOnly cookie */
                "X-Token-Delivery"?: "cookie";
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequestDto"];
                "application/json": components["schemas"]["TokenRequestDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenDto"];
                };
            };
            /** @description RFC 6749 §5.2 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthErrorDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            /** @description Try again after `Retry-After` seconds */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthErrorDto"];
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    token_revoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description The refresh token goes and comes as an HttpOnly cookie */
                "X-Token-Delivery"?: "cookie";
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["RevocationRequestDto"];
                "application/json": components["schemas"]["RevocationRequestDto"];
            };
        };
        responses: {
            /** @description The session is over */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No token, or one that cannot be revoked */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthErrorDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            default: components["responses"]["Refusal-default"];
        };
    };
    token_jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: Record<string, never>[];
                    };
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    plans_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanListDto"];
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    plans_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePlanDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    users_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUserDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            /** @description The last active administrator stays one */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    subscriptions_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSubscriptionDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    subscriptions_usage: {
        parameters: {
            query?: {
                /** @description How many UTC days, today included. */
                days?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    usage_of: {
        parameters: {
            query: {
                /** @description How many UTC days, today included. */
                days?: number;
                /** @description Whose: 1 to 100 ids, each a parameter of its own. */
                userId: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersUsageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    me_usage: {
        parameters: {
            query?: {
                /** @description How many UTC days, today included. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    models_list: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    models_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    models_compare: {
        parameters: {
            query: {
                /** @description One version. */
                a: string;
                /** @description The other version. */
                b: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionComparisonDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    models_activate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivateDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivationDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            /** @description The version is active already, cannot be activated, the policy objects, or another was activated at the same time */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    models_history: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Only the activation that was in force at this moment. */
                at?: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivationPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_rollBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollBackDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivationDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            /** @description No version answered before, that one is retired, or another was activated at the same time */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_setPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_look: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GateDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_currentTraffic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrafficDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_setTraffic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTrafficDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrafficDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            /** @description The policy objects, a version cannot serve, or the traffic was changed at the same time */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    governance_trafficHistory: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Only the change that was in force at this moment. */
                at?: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrafficPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    inspection_inspect: {
        parameters: {
            query?: {
                /** @description The model's name for the draft; left out: by the file's name. */
                name?: string;
                /** @description The version for the draft. */
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The model file: .keras, .h5, .onnx, or a .zip of a TensorFlow.js layers model
                     */
                    artifact: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InspectionDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            /** @description The file is larger than MODEL_MAX_MB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            415: components["responses"]["Refusal-415"];
            /** @description The file is no model that can be read; `detail` says what to change in it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_list: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelVersionPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    publishing_publish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The model file: .keras, .h5, .onnx, or a .zip of a TensorFlow.js layers model
                     */
                    artifact: string;
                    /**
                     * Format: binary
                     * @description manifest.yaml, YAML or JSON; left out: inferred from the file and marked so
                     */
                    manifest?: string;
                    /**
                     * @description Without a manifest: the version
                     * @example 1.0.0
                     */
                    version?: string;
                    /**
                     * Format: binary
                     * @description golden.json: inputs with the outputs of what trained the model
                     */
                    golden?: string;
                    /**
                     * Format: binary
                     * @description evaluation.json
                     */
                    evaluation?: string;
                    /**
                     * Format: binary
                     * @description examples.json: inputs to start from, each one that the version takes
                     */
                    examples?: string;
                    /**
                     * Format: binary
                     * @description metrics.json: numbers by name, where the manifest has none
                     */
                    metrics?: string;
                    /**
                     * Format: binary
                     * @description card.md
                     */
                    card?: string;
                };
            };
        };
        responses: {
            /** @description It was published before, in the same bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelVersionDto"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelVersionDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            /** @description The version is there with other content */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The artifact is larger than MODEL_MAX_MB, or another part than it may be */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            415: components["responses"]["Refusal-415"];
            /** @description A document is at fault, or the manifest does not fit the artifact; `errors` names the places */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelVersionDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    publishing_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            /** @description The version is in service, or part of the record */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_schema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_card: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelCardDto"];
                    "text/markdown": string;
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_evaluation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_examples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionExamplesDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    versions_artifact: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a file that is at hand */
                "If-None-Match"?: string;
            };
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The file at hand is this one. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    predictions_predict: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a retry safe: within 24 hours the same key with the same body answers the first answer again, with `Idempotency-Replayed: true` */
                "Idempotency-Key"?: string;
            };
            path: {
                model: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictionRequestDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    predictions_list: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Predictions of this model. */
                model?: string;
                /** @description Predictions of this version. */
                version?: string;
                /**
                 * @description Predictions with a row answered so. A list looks for them among 5,000 predictions a page: a page may hold fewer than
                 *     asked for, even none, and yet have a `nextCursor`.
                 */
                label?: string;
                /** @description Made at this moment or later. */
                from?: string;
                /** @description Made before this moment. */
                to?: string;
                /** @description Predictions of this user: for auditors and administrators, who otherwise see everybody's. */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    predictions_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictionSearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionPageDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    predictions_detail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionDetailDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    predictions_row: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                row: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionRowDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    predictionExport_all: {
        parameters: {
            query?: {
                /** @description Predictions of this model. */
                model?: string;
                /** @description Predictions of this version. */
                version?: string;
                /**
                 * @description Predictions with a row answered so. A list looks for them among 5,000 predictions a page: a page may hold fewer than
                 *     asked for, even none, and yet have a `nextCursor`.
                 */
                label?: string;
                /** @description Made at this moment or later. */
                from?: string;
                /** @description Made before this moment. */
                to?: string;
                /** @description Predictions of this user: for auditors and administrators, who otherwise see everybody's. */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            401: components["responses"]["Refusal-401"];
            422: components["responses"]["Refusal-422"];
            /** @description The plan admits no further file beside those that are being answered */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    predictionExport_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictionExport"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            /** @description The plan admits no further file beside those that are being answered */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            default: components["responses"]["Refusal-default"];
        };
    };
    batches_create: {
        parameters: {
            query?: {
                /** @description `continue`: rows at fault are answered in the column `error`; `abort`: the results have all rows or there are none. */
                onError?: "continue" | "abort";
                /** @description The version to ask; left out, the one that is active now. The whole file is scored by it. */
                version?: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        /** @description The file itself, or a form with nothing but the file */
        requestBody: {
            content: {
                "text/csv": string;
                "multipart/form-data": string;
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    batches_list: {
        parameters: {
            query?: {
                /** @description Batches that are in this state now. */
                status?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                /** @description Batches scored by this model. */
                model?: string;
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    batches_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    batches_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal-401"];
            /** @description The caller may see the batch, but neither is it theirs nor are they an administrator */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            404: components["responses"]["Refusal-404"];
            /** @description The batch has ended already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    batches_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    batches_results: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            /** @description The batch has not ended, or has failed without results */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    latency_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionLatencyDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    replay_replay: {
        parameters: {
            query?: {
                /**
                 * @description On which engine: `recorded` (left out), the one that computed the prediction, whichever serves now; `serving`, the one
                 *     that serves the version now, to see what another engine makes of it.
                 */
                engine?: "recorded" | "serving";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            /** @description The version does not load on that engine here, or does not take the recorded inputs any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description What it would be computed from has been erased */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    replay_replayRow: {
        parameters: {
            query?: {
                /**
                 * @description On which engine: `recorded` (left out), the one that computed the prediction, whichever serves now; `serving`, the one
                 *     that serves the version now, to see what another engine makes of it.
                 */
                engine?: "recorded" | "serving";
            };
            header?: never;
            path: {
                id: string;
                row: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            /** @description The version does not load on that engine here, or does not take the recorded inputs any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description What it would be computed from has been erased */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    outcomes_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutOutcomeDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            /** @description The caller may read the prediction, but it is neither theirs nor are they an administrator */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            404: components["responses"]["Refusal-404"];
            /** @description The prediction has several rows: name one */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description What was predicted has been erased */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    outcomes_putRow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                row: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutOutcomeDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeDto"];
                };
            };
            400: components["responses"]["Refusal-400"];
            401: components["responses"]["Refusal-401"];
            /** @description The caller may read the prediction, but it is neither theirs nor are they an administrator */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            404: components["responses"]["Refusal-404"];
            /** @description What was predicted has been erased */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            413: components["responses"]["Refusal-413"];
            415: components["responses"]["Refusal-415"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    outcomes_history: {
        parameters: {
            query?: {
                /** @description How many to answer; left out, 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Outcomes of this row, counted from 0; left out, of all rows. */
                row?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomePageDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    shadow_compare: {
        parameters: {
            query: {
                /** @description The version on trial. */
                version: string;
                /** @description Only predictions made from this moment on. */
                from?: string;
                /** @description Only predictions made before this moment. */
                to?: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrafficComparisonDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            404: components["responses"]["Refusal-404"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    servicePredictions_overview: {
        parameters: {
            query?: {
                /** @description UTC days up to today, today included; 14 unless given. */
                days?: number;
                /** @description Only of this model. */
                model?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServicePredictionsDto"];
                };
            };
            401: components["responses"]["Refusal-401"];
            403: components["responses"]["Refusal-403"];
            422: components["responses"]["Refusal-422"];
            429: components["responses"]["Refusal-429"];
            default: components["responses"]["Refusal-default"];
        };
    };
    inference_infer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Length of the JSON object where elements of tensors follow it: the binary tensor data extension */
                "Inference-Header-Content-Length"?: number;
            };
            path: {
                model: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id?: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                    inputs: {
                        name: string;
                        shape: number[];
                        datatype: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                        data?: unknown[];
                    }[];
                    outputs?: {
                        name: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                    }[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description What the manifest says of the use of this version */
                    "X-Model-Notice"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        model_name: string;
                        model_version?: string;
                        id?: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                        outputs: {
                            name: string;
                            shape: number[];
                            datatype: string;
                            parameters?: {
                                [key: string]: unknown;
                            };
                            data?: unknown[];
                        }[];
                    };
                };
            };
            400: components["responses"]["InferenceRefusal-400"];
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            413: components["responses"]["InferenceRefusal-413"];
            415: components["responses"]["InferenceRefusal-415"];
            422: components["responses"]["InferenceRefusal-422"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    inference_inferByVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Length of the JSON object where elements of tensors follow it: the binary tensor data extension */
                "Inference-Header-Content-Length"?: number;
            };
            path: {
                model: unknown;
                version: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id?: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                    inputs: {
                        name: string;
                        shape: number[];
                        datatype: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                        data?: unknown[];
                    }[];
                    outputs?: {
                        name: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                    }[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description What the manifest says of the use of this version */
                    "X-Model-Notice"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        model_name: string;
                        model_version?: string;
                        id?: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                        outputs: {
                            name: string;
                            shape: number[];
                            datatype: string;
                            parameters?: {
                                [key: string]: unknown;
                            };
                            data?: unknown[];
                        }[];
                    };
                };
            };
            400: components["responses"]["InferenceRefusal-400"];
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            413: components["responses"]["InferenceRefusal-413"];
            415: components["responses"]["InferenceRefusal-415"];
            422: components["responses"]["InferenceRefusal-422"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    repository_index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    ready?: boolean;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        version: string;
                        state: string;
                        reason: string;
                    }[];
                };
            };
            400: components["responses"]["InferenceRefusal-400"];
            401: components["responses"]["InferenceRefusal-401"];
            413: components["responses"]["InferenceRefusal-413"];
            415: components["responses"]["InferenceRefusal-415"];
            422: components["responses"]["InferenceRefusal-422"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    repository_load: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    parameters?: {
                        version?: string;
                    };
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["InferenceRefusal-400"];
            401: components["responses"]["InferenceRefusal-401"];
            403: components["responses"]["InferenceRefusal-403"];
            404: components["responses"]["InferenceRefusal-404"];
            413: components["responses"]["InferenceRefusal-413"];
            415: components["responses"]["InferenceRefusal-415"];
            422: components["responses"]["InferenceRefusal-422"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    repository_unload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            403: components["responses"]["InferenceRefusal-403"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_server: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        version: string;
                        extensions: string[];
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        live: boolean;
                    };
                };
            };
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        live: boolean;
                        ready: boolean;
                    };
                };
            };
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_allStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        model_stats: {
                            name: string;
                            version: string;
                            last_inference: number;
                            inference_count: number;
                            execution_count: number;
                            inference_stats: {
                                [key: string]: {
                                    count: number;
                                    ns: number;
                                };
                            };
                            batch_stats: Record<string, never>[];
                        }[];
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        versions: string[];
                        platform: string;
                        inputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                        outputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                        raw_inputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        versions: string[];
                        platform: string;
                        inputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                        outputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                        raw_inputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_modelReady: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        ready: boolean;
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_versionReady: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        ready: boolean;
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_modelStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        model_stats: {
                            name: string;
                            version: string;
                            last_inference: number;
                            inference_count: number;
                            execution_count: number;
                            inference_stats: {
                                [key: string]: {
                                    count: number;
                                    ns: number;
                                };
                            };
                            batch_stats: Record<string, never>[];
                        }[];
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
    oip_versionStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        model_stats: {
                            name: string;
                            version: string;
                            last_inference: number;
                            inference_count: number;
                            execution_count: number;
                            inference_stats: {
                                [key: string]: {
                                    count: number;
                                    ns: number;
                                };
                            };
                            batch_stats: Record<string, never>[];
                        }[];
                    };
                };
            };
            401: components["responses"]["InferenceRefusal-401"];
            404: components["responses"]["InferenceRefusal-404"];
            429: components["responses"]["InferenceRefusal-429"];
            default: components["responses"]["InferenceRefusal-default"];
        };
    };
}
