using System.Text;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Faults;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Reference;

/// <summary>docs/faults.md: the kinds of fault with their keys and rights.</summary>
internal static class FaultPage
{
    /// <summary>The page.</summary>
    public static string Text(FaultKinds kinds)
    {
        var text = new StringBuilder("""
            # Kinds of fault

            Written by `./build.sh Reference` from the kinds themselves. A failure in `scenarios.json` is one fault, or a list of them under `faults`:

                "failures": {
                  "decode_worker": { "kind": "killProcess", "target": "decode", "process": "dynamo.vllm", "signal": "SIGINT" },
                  "both": { "faults": [ { "kind": "deletePod", "target": "frontend" }, { "kind": "deletePod", "target": "decode", "after": 5 } ] }
                }

            Faults of a list overlap where their times do. A soak draws them, the same from the same `seed`; what was drawn stands in the run's plan:

                "soak": { "random": { "every": 30, "for": 600, "seed": 7, "faults": [ { "kind": "deletePod", "target": "decode" }, { "kind": "scale", "target": "decode", "to": 1, "for": 10 } ] } }

            A fault that lasts is noted before it is done, in the run's folder (`undo.jsonl`) and in the namespace (a config map with the annotation
            `faultmatrix.dev/undo`), and the note is taken away after the proof of its undo. What a killed command left the next `FaultMatrix` or
            `Teardown` in that namespace undoes first, and `./build.sh Heal` does nothing else, from any machine with the kubeconfig; while another
            run holds the namespace, only what is overdue. Deadlines are 30 s after a fault's own end.

            Every kind takes these keys:

            | key | meaning |
            | --- | --- |
            | `kind` | the kind |
            | `target` | a role (`frontend`, `decode`, `prefill`) or a service's own name |
            | `pods` | which pods of the service: `"first"` (default), `"all"`, a number, a share such as `"50%"`, or `{"random": 2}` |
            | `select` | of replicas that have several pods: `"leader"` the one that serves, `"worker"` the others (labels of LeaderWorkerSet and Grove); `pods` then counts these alone |
            | `evenDown` | `true`: pods are taken as they stand, those that an earlier fault has down too; else only where there are too few others |
            | `maxPods`, `maxPercent` | the most pods, and the largest share of the service's, that it may hit; more is an error, and nothing is hit |
            | `when` | what `after` counts from: a word or an object, see below; `"time"` (the fault before it) where it is left out |
            | `after` | seconds from the first request, or from the fault before it; the profile's where it is left out, and 0 after a `when` |

            A fault is proven or it is no result: a row without proof says so, and the exit code is 1.

            ## Steps

            The faults of a list are steps in their order. Each waits for its `when`, then its `after`, and holds up none after it while it lasts.

            | `when` | the step comes |
            | --- | --- |
            | `"time"` | `after` seconds after the step before it; the first after the load's first request |
            | `"healed"` | when every fault before it has its proof and its undo |
            | `"ready"` | the same, and every service has all its replicas ready |
            | `"steady"` | when requests are answered as before the first fault, whatever lasts still |
            | `"firstError"` | when a request failed after the order of the step before it |
            | `{ "log": "TEXT", "service": "Decode" }` | when a log of the service has a new line with that text |
            | `{ "metric": "NAME", "service": "*", "atLeast": 1 }` | when a pod's metric is at least or at most so much |
            | `{ "load": 0.5 }` | when that share of the load's planned requests is over |
            | `{ "is": "ready", "within": 60 }` | as the word says; `within` bounds any of the waits, else 900 s do |

            A wait in vain is FT0641 (FT0626 for `ready`): the steps left are left out, and the row has failed. `heal` is a step that undoes faults
            before their time; `overload` is a phase of more load. A step of either kind stands in the list as a fault does.

            ## Each fault's verdict

            A row with several faults has a verdict for each in `summary.json` (`faults`), `faults.csv`, the tables and the page: its window (order to
            the proof of its undo, or to its own proof), its proofs, the requests lost, the outage, recovery by every definition, and what was still
            open when the next one was ordered. It is measured from its own order to the next one's; a request counts for the fault in whose time
            it ended, so that the faults' losses add up to the row's. What is normal is taken from before the first fault. The verdict is `NoHarm`,
            `Recovered`, `Open` (the fault itself, or the harm to clients, was not over), `Unproven`, or `Unknown`.

            ## Stop conditions

            `stopWhen`, of a load or beside a failure's `faults` or `random`, ends a load that is too bad to go on; of both the stricter limit counts:

                "loads": { "short": { "clients": 4, "stopWhen": { "errorShare": 0.5, "outage": 20 } } },
                "failures": { "two": { "stopWhen": { "lost": 100 }, "faults": [ { "kind": "deletePod", "target": "decode" } ] } }

            | key | the load ends when |
            | --- | --- |
            | `errorShare` | a larger share of the requests that ended within `window` failed |
            | `errorsInARow` | so many requests failed one after another, over all clients |
            | `lost` | more requests failed in all (as the check `lostAtMost`) |
            | `outage` | nobody was answered for so many seconds while requests waited (as the check `outageAtMost`) |
            | `latency`, `firstToken` | the 95th percentile within `window` is longer, seconds |
            | `queue` | more requests are under way at once |

            `window` is 10 s and `fewest` 20 where they are left out: shares and percentiles of fewer requests end nothing. The first limit that is
            broken ends the load at once, faults that last are undone, and no further one is ordered. The timeline has it as `load.stopped`; the row
            says which limit it was, and is no sound row.

            ## Where they were seen

            | where | what | by |
            | --- | --- | --- |
            | the local cluster, stand-ins | every kind, on agg and disagg | `./build.sh FaultMatrix --scenarios-file scenarios-faults.json` |
            | the local cluster, a real Dynamo | every kind, on agg and disagg | the same with `scenarios-faults-mocker.json` and `--local-image dynamo=VENV` |
            | a real Kubernetes 1.20 of one node | on agg every kind but those below | `FAULTMATRIX_KINDS=all .ci/real-cluster --filter-class '*.FaultRowsTests'` |

            Seven kinds that node cannot carry: `latency`, `loss`, `bandwidth`, `reset`, `blackHole` and `dnsFailure` need ephemeral containers,
            which come with 1.23, and say so before anything is deployed (FT0630); `partition` needs a network that enforces NetworkPolicies,
            which a plain bridge does not.

            A run that is killed (kill -9, front and nodes) when a fault's undo is noted, when it has landed, and when it is undone leaves nothing once
            `./build.sh Heal` has run. Seen for every kind on the local cluster (`FAULTMATRIX_KINDS=all artifacts/bin/EndToEnd/release/EndToEnd
            --filter-class '*FaultKillTests'`, about 20 minutes), and for those that it can carry on the real Kubernetes 1.20
            (`FAULTMATRIX_KINDS=all .ci/real-cluster --filter-class '*.FaultKillTests'`). CI kills at the steps of a few.

            """);
        foreach (var kind in kinds.All)
        {
            text.Append($"\n## {kind.Kind}\n\n{Sentence($"{kind.Kind} {kind.Summary}")}\n");
            if (!kind.Keys.IsEmpty)
            {
                text.Append("\n| key | meaning |\n| --- | --- |\n");
                foreach (var key in kind.Keys)
                {
                    text.Append(
                        $"| `{key.Name}`{(key.Required ? " (needed)" : "")} | {key.Description.Replace("|", "\\|")}{Values(key)} |\n"
                    );
                }
            }

            text.Append($"\nProof: {Sentence(kind.Proof)}\n");
            text.Append(kind is IUndoneFaultKind undone
                ? $"Undo: {undone.Undoing}\n" : "There is nothing to undo: the cluster replaces what it broke.\n");
            text.Append(Rights(kind));
            text.Append(kind.Needs is { } needs ? $"A real cluster must have: {needs}\n" : "");
        }

        return text.ToString();
    }

    private static string Rights(IFaultKind kind)
    {
        string[] rights =
        [
            .. FaultKinds.RightsOf(kind).Concat(GraphKinds.Default.All.SelectMany(kind.RightsOn)).Distinct()
                .Select(right => right.IsOfCluster ? $"{right} (of the cluster: deploy/rbac-nodes.yaml)" : $"{right}"),
        ];
        return rights.Length == 0
            ? "It needs no right beyond those of every run.\n" : $"Rights beyond those of every run: {string.Join(", ", rights)}.\n";
    }

    private static string Sentence(string text) => $"{text}.";

    private static string Values(FaultKey key) =>
        key.Schema["enum"] is { } values
            ? $" One of {string.Join(", ", values.AsArray().Select(value => $"`{value}`"))}{(key.Schema["default"] is { } standard ? $"; default `{standard}`" : "")}."
            : "";
}
