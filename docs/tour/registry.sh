#!/usr/bin/env bash
# The life of model versions over HTTP: published, listed, held to a policy, tried in shadow, given a share of the traffic, activated,
# rolled back. Needs bash, curl and Node, and a server that has none of these models yet:
#
#   MODELS_DIR=$(mktemp -d) DATA_DIR=$(mktemp -d) ADMIN_PASSWORD='a long sentence of your own' npm start
#   LATIDO_PASSWORD='a long sentence of your own' bash docs/tour/registry.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
URL=${LATIDO_URL:-http://localhost:3000}

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# Evaluates an expression on the JSON that comes in: `it` is what was read.
pick() { node -e 'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>{const it=JSON.parse(t);console.log(eval(process.argv[1]))})' "$1"; }
call() { # METHOD PATH [JSON]
  curl --silent --show-error --fail-with-body -X "$1" "$URL$2" -H "Authorization: Bearer $TOKEN" ${3:+-H 'Content-Type: application/json' -d "$3"}
}
publish() { # MODEL VERSION
  local folder=models/$1/$2
  curl --silent --show-error --fail-with-body "$URL/v1/models/$1/versions" -H "Authorization: Bearer $TOKEN" -F manifest=@$folder/manifest.yaml \
    -F artifact=@$folder/model.onnx -F golden=@$folder/golden.json -F evaluation=@$folder/evaluation.json \
    -F examples=@$folder/examples.json -F card=@$folder/card.md
}
METRICS='it.metrics.filter(m=>m.dataset==="held-out").slice(0,3).map(m=>m.name+" "+m.value.toFixed(3)).join(", ")'

TOKEN=$(curl --silent --show-error --fail-with-body "$URL/v1/auth/token" -d grant_type=password -d username=admin --data-urlencode "password=$LATIDO_PASSWORD" | pick it.access_token)

# The plan of a new account allows five requests a minute.
call PUT "/v1/users/$(call GET /v1/me | pick it.id)/subscription" '{"plan":"PREMIUM"}' >/dev/null

say '1. Publish three classifiers of penguins and one of vertebral columns'
for version in 1.0.0 1.1.0 1.2.0; do publish penguins $version | pick "it.model+' '+it.version+' is '+it.status+': '+$METRICS"; done
publish vertebral-column 1.0.0 | pick "it.model+' '+it.version+' is '+it.status+': '+$METRICS"
printf 'again: '
publish penguins 1.0.0 | pick "it.model+' '+it.version+' is '+it.status"

say '2. Say what a version of penguins must satisfy'
call PUT /v1/models/penguins/policy '{"metrics":[{"name":"accuracy","dataset":"held-out","minimum":0.9,"maximalDrop":0.05}],
  "verification":{"golden":true},"cardFields":["card","provenance.license"]}' | pick 'JSON.stringify(it)'
call GET /v1/models/penguins/versions/1.1.0/gate | pick '"1.1.0 "+(it.passed?"passes":"does not pass")'

say '3. Activate the first version, and predict'
call PUT /v1/models/penguins/active '{"version":"1.0.0","reason":"the first one"}' | pick 'it.version+" is active: "+it.reason'
call PUT /v1/models/vertebral-column/active '{"version":"1.0.0"}' | pick 'it.model+" "+it.version+" is active"'
for model in penguins vertebral-column; do
  row=$(call GET /v1/models/$model | pick 'JSON.stringify(Object.fromEntries(it.inputs.map(i=>[i.name,i.example])))')
  call POST /v1/models/$model/predictions "{\"input\":$row}" |
    pick 'it.model+" "+it.version+": "+it.results[0].label+" ("+it.results[0].probability.toFixed(2)+"). "+it.notice'
done

say '4. Compare the next one with it, and let it run in shadow'
call GET '/v1/models/penguins/compare?a=1.0.0&b=1.2.0' |
  pick 'it.metrics.filter(m=>m.dataset==="held-out").slice(0,3).map(m=>m.name+": "+m.a.toFixed(3)+" and "+m.b.toFixed(3)).join("\n")'
call PUT /v1/models/penguins/traffic '{"shadows":["1.2.0"],"reason":"on trial"}' | pick '"in shadow: "+it.shadows'
for length in 34 38 42 46 50; do
  call POST /v1/models/penguins/predictions "{\"subject\":\"P-$length\",\"input\":{\"island\":2,\"bill_length_mm\":$length,\"bill_depth_mm\":16,\"flipper_length_mm\":200,\"body_mass_g\":4200,\"sex\":1}}" >/dev/null
done
sleep 1
TRIAL='(c=>c.rows+" rows that "+c.answered+" answered and "+c.shadow+" computed beside it: "+Math.round(100*c.agreement)+" % the same answer, scores "+c.meanDifference.toFixed(3)+" apart on average")(it.comparisons[0])'
call GET '/v1/models/penguins/traffic/comparison?version=1.2.0' | pick "$TRIAL"

say '5. Give it a tenth of the penguins, then all of them'
call PUT /v1/models/penguins/traffic '{"canary":{"version":"1.2.0","share":0.1},"reason":"a tenth"}' | pick 'it.canary.version+" answers "+100*it.canary.share+" %"'
call PUT /v1/models/penguins/active '{"version":"1.2.0","reason":"agrees, and knows its doubts better"}' | pick 'it.version+" is active, in place of "+it.previousVersion'

say '6. Roll back in one request'
call POST /v1/models/penguins/rollback '{"reason":"only to show it"}' | pick 'it.version+" answers again, in place of "+it.previousVersion'

say '7. What was live when'
call GET /v1/models/penguins/activations | pick 'it.data.map(a=>a.kind.padEnd(11)+a.version+"  "+a.reason).join("\n")'
call GET "/v1/models/penguins/activations?at=$(node -p 'new Date().toISOString()')" | pick '"now: "+it.data.map(a=>a.version)'

say '8. Score a file'
printf 'id;island;bill_length_mm;bill_depth_mm;flipper_length_mm;body_mass_g;sex\nA;1;39,1;18,7;181;3750;1\nB;2;47,5;15;218;4950;0\nC;3;x;17;190;3700;0\n' |
  curl --silent --show-error --fail-with-body "$URL/v1/models/penguins/predictions" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: text/csv' --data-binary @- |
  cut -d';' -f1,8,9,14
