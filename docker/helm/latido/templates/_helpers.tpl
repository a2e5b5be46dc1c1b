{{- define "latido.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "latido.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "latido.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "latido.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "latido.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "latido.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "latido.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: latido
{{- end }}

{{/* Of one component: (dict "root" $ "component" "api"). */}}
{{- define "latido.selector" -}}
app.kubernetes.io/name: {{ include "latido.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "latido.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}

{{- define "latido.scheme" -}}
{{ ternary "HTTPS" "HTTP" (ne .Values.tls.secretName "") }}
{{- end }}

{{/* As many API pods as there can be when none is being replaced. */}}
{{- define "latido.mostReplicas" -}}
{{ ternary .Values.autoscaling.maxReplicas .Values.replicaCount .Values.autoscaling.enabled | int }}
{{- end }}

{{/* As many processes as may count quotas at a time; nothing where only the machine knows. */}}
{{- define "latido.mostProcesses" -}}
{{- $perReplica := include "latido.text" (default "1" (get .Values.config "CLUSTER_WORKERS")) }}
{{- if ne $perReplica "auto" }}
{{- add (mul (include "latido.mostReplicas" . | int) (int $perReplica)) (ternary .Values.worker.replicaCount 0 .Values.worker.enabled) }}
{{- end }}
{{- end }}

{{/* A value as the server reads it. Helm reads numbers as floats, of which it would make 1e+06 of a million. */}}
{{- define "latido.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end }}
{{- end }}

{{- define "latido.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "latido.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What the API and the worker are told alike. */}}
{{- define "latido.sharedEnv" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.database.name }}
      key: {{ .Values.secrets.database.urlKey }}
{{- with .Values.secrets.redis }}
{{- if .name }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .urlKey }}
{{- end }}
{{- end }}
- name: TOKEN_SIGNING_KEY
  value: /run/secrets/latido/token-signing-key.pem
- name: AUDIT_KEY_FILE
  value: /run/secrets/latido/audit-key.pem
{{- with include "latido.mostProcesses" . }}
# Among how many processes a quota is divided while Redis is away, at least.
- name: QUOTA_REPLICAS
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.config }}
- name: {{ $name }}
  value: {{ include "latido.text" $value | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "latido.volumeMounts" -}}
- name: data
  mountPath: /var/lib/latido
- name: tmp
  mountPath: /tmp
- name: keys
  mountPath: /run/secrets/latido
  readOnly: true
{{- if .Values.tls.secretName }}
- name: tls
  mountPath: /run/secrets/latido-tls
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "latido.volumes" -}}
- name: data
  {{- toYaml .Values.dataVolume | nindent 2 }}
- name: tmp
  {{- toYaml .Values.tmpVolume | nindent 2 }}
- name: keys
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ .Values.secrets.tokenSigningKey.name }}
          items:
            - key: {{ .Values.secrets.tokenSigningKey.key }}
              path: token-signing-key.pem
      - secret:
          name: {{ .Values.secrets.auditKey.name }}
          items:
            - key: {{ .Values.secrets.auditKey.key }}
              path: audit-key.pem
{{- if .Values.tls.secretName }}
- name: tls
  secret:
    secretName: {{ .Values.tls.secretName }}
    defaultMode: 0440
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where pods run: (dict "root" $ "component" "api"). */}}
{{- define "latido.placement" -}}
serviceAccountName: {{ include "latido.serviceAccount" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
securityContext:
  {{- include "latido.podSecurityContext" .root | nindent 2 }}
topologySpreadConstraints:
{{- if .root.Values.topologySpreadConstraints }}
  {{- toYaml .root.Values.topologySpreadConstraints | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "latido.selector" . | nindent 8 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
