# bash completion for ./build.sh: source this, for instance by  source <(./build.sh --completion bash)
_faultmatrix() {
  local word="${COMP_WORDS[COMP_CWORD]}" option="" i
  for ((i = COMP_CWORD - 1; i > 0; i--)); do
    if [[ "${COMP_WORDS[i]}" == -* ]]; then option="${COMP_WORDS[i]}"; break; fi
  done
  # Bash makes the sign of --name=value a word of its own.
  if [[ "$word" == "=" ]]; then word=""; fi
  local words
  if [[ "$word" == -* ]]; then
    words="--api --api-key-file --ca-file --cluster-name --columns --completion --context --continue --deployment --failed-timeout --failure --find-rate --find-steps --find-time --format --gate --goodput --grove --headers-file --help --host --http --image --input-tokens --kubeconfig --list --load-from --load-image --load-pods --load-profile --local-image --model --namespace --network-image --no-logo --output-tokens --parallelism --partition --plan --pod-networks --port --profile --prompts --rates --ready-timeout --restart-platform --results --root --run --runs --scenario --scenarios-file --seed --shared-results --shell-image --skip --sla --step-time --step-warm-up --strict --target --teardown-timeout --text --trace --trace-speed --transport --trials --url --verbosity --wait"
  else
    case "$option" in
      "") words="FaultMatrix Deploy Load Inject Collect Teardown Parse Report Compare Merge History Mark Heal ClusterUp ClusterDown InstallStandIn UninstallStandIn Schema Reference Test Pack" ;;
      --api) words="chat completions" ;;
      --completion) words="bash zsh pwsh" ;;
      --format) words="fancy markdown" ;;
      --host) words="AppVeyor AzurePipelines Bamboo Bitbucket Bitrise GitHubActions GitLab Jenkins Rider SpaceAutomation TeamCity Terminal TravisCI VSCode VisualStudio" ;;
      --http) words="1.1 2" ;;
      --load-from) words="here cluster both" ;;
      --plan) words="text mermaid" ;;
      --profile) words="ci" ;;
      --skip) words="FaultMatrix Deploy Load Inject Collect Teardown Parse Report Compare Merge History Mark Heal ClusterUp ClusterDown InstallStandIn UninstallStandIn Schema Reference Test Pack" ;;
      --target) words="FaultMatrix Deploy Load Inject Collect Teardown Parse Report Compare Merge History Mark Heal ClusterUp ClusterDown InstallStandIn UninstallStandIn Schema Reference Test Pack" ;;
      --transport) words="portforward service url" ;;
      --verbosity) words="Verbose Normal Minimal Quiet" ;;
      --kubeconfig | --results | --scenarios-file | --runs | --root) COMPREPLY=($(compgen -f -- "$word")); return ;;
      *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _faultmatrix build.sh ./build.sh
