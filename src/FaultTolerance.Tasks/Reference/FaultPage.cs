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
            | `when` | what `after` counts from: `"time"` (default) the fault before it, `"healed"` the end of all before it, `"ready"` that and all replicas ready again |
            | `after` | seconds from the first request, or from the fault before it; the profile's where it is left out, and 0 after a `when` |

            A fault is proven or it is no result: a row without proof says so, and the exit code is 1.

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
