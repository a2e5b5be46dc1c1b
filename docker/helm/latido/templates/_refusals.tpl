{{/* Stops the rendering for what would install and then not work, or would give away what must be kept. */}}
{{- define "latido.refusals" -}}
{{- $values := .Values }}
{{- if not $values.image.repository }}
{{- fail "image.repository is missing: where you pushed the image that docker/Dockerfile makes." }}
{{- end }}
{{- if not $values.secrets.database.name }}
{{- fail "secrets.database.name is missing. Replicas share one Postgres: make a Secret with DATABASE_URL and DATABASE_OWNER_URL. The built-in one is one machine's." }}
{{- end }}
{{- if not $values.secrets.tokenSigningKey.name }}
{{- fail "secrets.tokenSigningKey.name is missing. Replicas sign access tokens with one key, or each refuses those of the others: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out token-signing-key.pem" }}
{{- end }}
{{- if not $values.secrets.auditKey.name }}
{{- fail "secrets.auditKey.name is missing. A key that a pod makes for itself is gone with the pod, and auditors could not tell the record's keys from forged ones: openssl genpkey -algorithm ed25519 -out audit-key.pem" }}
{{- end }}
{{- $workers := include "latido.text" (default "1" (get $values.config "CLUSTER_WORKERS")) }}
{{- $several := or (gt (include "latido.mostReplicas" . | int) 1) $values.worker.enabled (ne $workers "1") }}
{{- if and $several (not $values.secrets.redis.name) }}
{{- fail "secrets.redis.name is missing. More than one process (replicas, autoscaling, CLUSTER_WORKERS, the worker) counts quotas together in Redis or Valkey: make a Secret with REDIS_URL, or set replicaCount=1." }}
{{- end }}
{{- $own := list "DATABASE_URL" "DATABASE_OWNER_URL" "REDIS_URL" "TOKEN_SIGNING_KEY" "AUDIT_KEY_FILE" "ADMIN_PASSWORD" "HOST" "PORT" "DATA_DIR" "JOBS" "QUOTA_REPLICAS" "TLS_CERT" "TLS_KEY" }}
{{- range $name := $own }}
{{- if hasKey $values.config $name }}
{{- fail (printf "config.%s: the chart sets this variable itself, from `secrets`, `tls`, `worker` and the number of replicas." $name) }}
{{- end }}
{{- end }}
{{- range $name, $value := $values.config }}
{{- if regexMatch "(SECRET|PASSWORD|ACCESS_KEY_ID$)" $name }}
{{- if ne $name "LEGACY_WEAK_PASSWORDS" }}
{{- fail (printf "config.%s: what is secret goes into a Secret, and into extraEnv by valueFrom.secretKeyRef." $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- $taken := keys $values.config }}
{{- range $variable := concat $values.extraEnv $values.worker.extraEnv }}
{{- if has $variable.name $own }}
{{- fail (printf "extraEnv names %s: the chart sets this variable itself, from `secrets`, `tls`, `worker` and the number of replicas." $variable.name) }}
{{- end }}
{{- if has $variable.name $taken }}
{{- fail (printf "%s stands in `config` and in `extraEnv`, or twice: in one place only." $variable.name) }}
{{- end }}
{{- if and (hasKey $variable "value") (ne $variable.name "LEGACY_WEAK_PASSWORDS") (regexMatch "(SECRET|PASSWORD|ACCESS_KEY_ID$)" $variable.name) }}
{{- fail (printf "extraEnv gives %s as text: what is secret comes by valueFrom.secretKeyRef." $variable.name) }}
{{- end }}
{{- $taken = append $taken $variable.name }}
{{- end }}
{{- $kept := hasKey $values.dataVolume "persistentVolumeClaim" }}
{{- $fileLogs := list (toString (get $values.config "LEGACY_FILE_LOGS")) }}
{{- range $variable := $values.extraEnv }}
{{- if eq $variable.name "LEGACY_FILE_LOGS" }}
{{- $fileLogs = append $fileLogs (toString (default "true" $variable.value)) }}
{{- end }}
{{- end }}
{{- if and (not $kept) (without $fileLogs "" "false") }}
{{- fail "LEGACY_FILE_LOGS: log files of older services are written to the data volume, and dataVolume is gone with its pod. Make it a persistentVolumeClaim, or leave them off." }}
{{- end }}
{{- $names := list "http" }}
{{- $ports := list 3000 }}
{{- range $extra := $values.extraPorts }}
{{- if or (has $extra.name $names) (has (int $extra.port) $ports) (eq (int $extra.port) (int $values.service.port)) }}
{{- fail (printf "extraPorts: %s (%d) has the name or the number of another port." $extra.name (int $extra.port)) }}
{{- end }}
{{- $names = append $names $extra.name }}
{{- $ports = append $ports (int $extra.port) }}
{{- end }}
{{- with $values.autoscaling }}
{{- if .enabled }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}
{{- fail "autoscaling.minReplicas is more than autoscaling.maxReplicas." }}
{{- end }}
{{- if and (eq .metric "cpu") (not (dig "requests" "cpu" "" $values.resources)) }}
{{- fail "autoscaling.metric=cpu is a share of resources.requests.cpu, which is missing." }}
{{- end }}
{{- end }}
{{- end }}
{{- with $values.podDisruptionBudget }}
{{- if .enabled }}
{{- if and (not (kindIs "invalid" .minAvailable)) (not (kindIs "invalid" .maxUnavailable)) }}
{{- fail "podDisruptionBudget has minAvailable and maxUnavailable: Kubernetes takes one of them. Set the other to null." }}
{{- end }}
{{- if and (kindIs "invalid" .minAvailable) (kindIs "invalid" .maxUnavailable) }}
{{- fail "podDisruptionBudget is enabled, and has neither minAvailable nor maxUnavailable." }}
{{- end }}
{{- $fewest := ternary $values.autoscaling.minReplicas $values.replicaCount $values.autoscaling.enabled | int }}
{{- if and (not (kindIs "invalid" .minAvailable)) (not (kindIs "string" .minAvailable)) (ge (int .minAvailable) $fewest) }}
{{- fail "podDisruptionBudget.minAvailable is as many as there are replicas: no node could be drained." }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $values.serviceMonitor.enabled (not $values.serviceMonitor.credentials.name) }}
{{- fail "serviceMonitor.credentials.name is missing: /metrics answers administrators only, so Prometheus needs an API key with the scope `admin` from a Secret." }}
{{- end }}
{{- end }}
