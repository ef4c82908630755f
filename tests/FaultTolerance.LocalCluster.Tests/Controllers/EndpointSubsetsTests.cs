using System.Text.Json.Nodes;
using CsCheck;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Controllers;

public sealed class EndpointSubsetsTests
{
    private static readonly string[] Phases = ["Pending", "Running", "Succeeded", "Failed"];

    [Fact]
    public void Membership_follows_labels_readiness_phase_and_deletion() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3].Select(n => Phases[n]), Gen.Bool)
            .Array[0, 8]
            .Sample(specs =>
            {
                var service = JsonNode
                    .Parse(
                        """{"metadata":{"name":"s"},"spec":{"selector":{"app":"x"},"ports":[{"name":"http","port":80,"targetPort":"web"}]}}"""
                    )!
                    .AsObject();
                var pods = specs.Select((s, i) => Pod(i, s.Item1, s.Item2, s.Item3, s.Item4, s.Item5)).ToList();
                var members = EndpointSubsets.Members(service, pods);
                var subsets = EndpointSubsets.Subsets(service, members);
                var slices = EndpointSubsets.Slices(service, members);

                var eligible = pods.Where((_, i) => specs[i].Item1 && specs[i].Item5 && specs[i].Item4 is ("Pending" or "Running"))
                    .ToList();
                string[] Ips(Func<JsonObject, bool> which) =>
                    [.. eligible.Where(which).Select(p => p.Text("status", "podIP")!).Order(StringComparer.Ordinal)];
                Assert.Equal(
                    Ips(p => p.IsReady() && !p.IsDying()),
                    subsets.OfType<JsonObject>().SelectMany(s => s.Maps("addresses")).Select(a => a.Text("ip")!),
                    StringComparer.Ordinal
                );
                Assert.Equal(
                    Ips(p => !p.IsReady() && !p.IsDying()),
                    subsets.OfType<JsonObject>().SelectMany(s => s.Maps("notReadyAddresses")).Select(a => a.Text("ip")!),
                    StringComparer.Ordinal
                );
                Assert.Equal(
                    Ips(_ => true),
                    slices.SelectMany(s => s.Endpoints.OfType<JsonObject>()).Select(e => e.Texts("addresses")[0]),
                    StringComparer.Ordinal
                );
                Assert.All(subsets.OfType<JsonObject>(), s => Assert.Equal(8000, s.Maps("ports").Single().Number("port")));
            });

    private static JsonObject Pod(int i, bool labelled, bool ready, bool dying, string phase, bool address)
    {
        var pod = JsonNode
            .Parse("""{"metadata":{"labels":{}},"spec":{"containers":[{"ports":[{"name":"web","containerPort":8000}]}]},"status":{}}""")!
            .AsObject();
        pod["metadata"]!["name"] = FormattableString.Invariant($"p{i}");
        pod["metadata"]!["labels"]!["app"] = labelled ? "x" : "y";
        pod["status"]!["phase"] = phase;
        Conditions.Set(pod.Ensure("status"), "Ready", ready, null, null, DateTimeOffset.UnixEpoch);
        if (address)
        {
            pod["status"]!["podIP"] = FormattableString.Invariant($"127.1.0.{i}");
        }

        if (dying)
        {
            pod["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        }

        return pod;
    }
}
