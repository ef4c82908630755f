using System.Text.Json.Nodes;
using CsCheck;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.LocalCluster.Tests.Controllers;

public sealed class WorkloadTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryStore _store;
    private readonly DeploymentController _deployments;
    private readonly ReplicaSetController _sets;

    public WorkloadTests()
    {
        _store = new MemoryStore(_time);
        var events = new EventRecorder(_store, "test", _time, NullLogger.Instance);
        _deployments = new DeploymentController(_store, events, _time, NullLogger.Instance);
        _sets = new ReplicaSetController(_store, events, _time, NullLogger.Instance);
    }

    private static ResourceId Web => new(Resources.Deployments, "ns", "web");

    private List<JsonObject> Pods => [.. _store.List(Resources.Pods, "ns").Items];

    private List<JsonObject> Sets => [.. _store.List(Resources.ReplicaSets, "ns").Items];

    [Fact]
    public void Deployment_makes_a_set_and_pods_and_reports_them()
    {
        Create(3);
        Settle();
        Assert.Equal(3, Pods.Count);
        var set = Assert.Single(Sets);
        Assert.Matches("^web-[bcdfghjklmnpqrstvwxz2456789]{10}-[bcdfghjklmnpqrstvwxz2456789]{5}$", Pods[0].Name());
        Assert.Equal(set.Name()["web-".Length..], Pods[0].Text("metadata", "labels", "pod-template-hash"));
        var status = _store.Get(Web)!;
        Assert.Equal("False", status.Condition("Available").Text("status"));
        Pods.ForEach(MakeReady);
        Settle();
        status = _store.Get(Web)!;
        Assert.Equal(3, status.Number("status", "availableReplicas"));
        Assert.Equal("True", status.Condition("Available").Text("status"));
        Assert.Equal("NewReplicaSetAvailable", status.Condition("Progressing").Text("reason"));
        Assert.Equal(1, status.Number("status", "observedGeneration"));
    }

    [Fact]
    public void Pod_of_a_set_has_the_API_servers_defaults_so_that_a_label_changes_nothing_else()
    {
        Create(1);
        Settle();

        var defaulted = Pods[0].Copy();
        PodDefaults.Apply(defaulted);

        Assert.True(JsonNode.DeepEquals(defaulted, Pods[0]));
        Assert.Equal("default", Pods[0].Text("spec", "serviceAccount"));
    }

    [Fact]
    public void Dying_pod_is_replaced_at_once()
    {
        Create(2);
        Settle();
        Pods.ForEach(MakeReady);
        Settle();
        var victim = Pods[0];
        Deletion.Begin(_store, new ResourceId(Resources.Pods, "ns", victim.Name()), _time);
        Settle();
        Assert.Equal(3, Pods.Count);
        Assert.Equal(2, Pods.Count(p => !p.IsDying()));
        Assert.Equal(1, _store.Get(Web).Number("status", "readyReplicas"));
    }

    [Fact]
    public void Rollout_keeps_its_bounds_and_rollback_takes_the_old_set_again() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 2], Gen.Int[0, 2]).Sample((replicas, surge, unavailable) =>
        {
            var world = new WorkloadTests();
            world.Create(replicas, surge, unavailable);
            world.Settle();
            world.Pods.ForEach(world.MakeReady);
            world.Settle();
            foreach (var image in (string[])["test:2", "test"])
            {
                world._store.Update(Web, d =>
                {
                    d["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image;
                    return d;
                });
                for (var i = 0; i < 60; i++)
                {
                    world.Settle();
                    var live = world.Pods.Where(p => !p.IsDying()).ToList();
                    Assert.True(live.Count <= replicas + surge);
                    Assert.True(live.Count(p => p.IsReady()) >= replicas - (surge + unavailable == 0 ? 1 : unavailable));
                    foreach (var dead in world.Pods.Where(p => p.IsDying()))
                    {
                        world._store.Remove(new ResourceId(Resources.Pods, "ns", dead.Name()));
                    }

                    if (live.Find(p => !p.IsReady()) is { } next)
                    {
                        world.MakeReady(next);
                    }
                }

                Assert.All(world.Pods, p => Assert.Equal(image, p.Maps("spec", "containers").First().Text("image")));
                Assert.Equal(replicas, world.Pods.Count);
                Assert.Equal(2, world.Sets.Count);
            }
        }, iter: 30);

    [Fact]
    public void Recreate_waits_until_the_old_pods_are_gone()
    {
        Create(2, change: d => d["spec"]!["strategy"] = new JsonObject { ["type"] = "Recreate" });
        Settle();
        Pods.ForEach(MakeReady);
        _store.Update(Web, d =>
        {
            d["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "test:2";
            return d;
        });
        Settle();
        Assert.All(Pods, p => Assert.True(p.IsDying()));
        Pods.ForEach(p => _store.Remove(new ResourceId(Resources.Pods, "ns", p.Name())));
        Settle();
        Assert.Equal(2, Pods.Count);
        Assert.All(Pods, p => Assert.Equal("test:2", p.Maps("spec", "containers").First().Text("image")));
    }

    [Fact]
    public void Rollout_without_progress_says_so_at_the_deadline()
    {
        Create(1, change: d => d["spec"]!["progressDeadlineSeconds"] = 60);
        Settle();
        _time.Advance(TimeSpan.FromSeconds(61));
        Settle();
        Assert.Equal("ProgressDeadlineExceeded", _store.Get(Web)!.Condition("Progressing").Text("reason"));
    }

    [Theory]
    [InlineData("""{"a":1,"b":{"c":[1]}}""", """{"b":{"c":[1]},"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a":1,"metadata":{"creationTimestamp":null},"resources":{}}""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", false)]
    public void Template_hash_sees_what_matters(string one, string two, bool same)
    {
        var left = JsonNode.Parse(one);
        var right = JsonNode.Parse(two);
        if (right is JsonObject o && o["metadata"] is JsonObject metadata)
        {
            metadata.Remove("creationTimestamp");
        }

        Assert.Equal(same, ObjectNames.TemplateHash(left, 0) == ObjectNames.TemplateHash(right, 0));
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{ "unschedulable": false }""", true)]
    [InlineData("""{ "unschedulable": true }""", false)]
    public void Scheduler_leaves_a_closed_node_alone(string spec, bool takes)
    {
        var node = new JsonObject { ["spec"] = JsonNode.Parse(spec) };

        Assert.Equal(takes, Scheduler.Obstacle(new JsonObject { ["spec"] = new JsonObject() }, node) is null);
    }

    [Theory]
    [InlineData("""{"nodeSelector":{"disk":"ssd"},"containers":[]}""", false)]
    [InlineData("""{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"1"}}}]}""", true)]
    [InlineData("""{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"65"}}}]}""", false)]
    [InlineData("""{"containers":[{"resources":{"limits":{"example.com/tpu":"1"}}}]}""", false)]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"900"}}}]}""", true)]
    public void Scheduler_takes_what_the_node_has(string spec, bool fits)
    {
        var node = JsonNode.Parse("""{"metadata":{"labels":{}},"status":{"allocatable":{"nvidia.com/gpu":"64"}}}""")!.AsObject();
        Assert.Equal(fits, Scheduler.Obstacle(new JsonObject { ["spec"] = JsonNode.Parse(spec) }, node) is null);
    }

    private void Create(int replicas, int? surge = null, int? unavailable = null, Action<JsonObject>? change = null)
    {
        var deployment = JsonNode.Parse(
            """
            {"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
             "spec":{"terminationGracePeriodSeconds":5,"nodeName":"local","containers":[{"name":"main","image":"test"}]}}}}
            """)!.AsObject();
        deployment["spec"]!["replicas"] = replicas;
        if (surge is not null)
        {
            deployment["spec"]!["strategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxSurge"] = surge, ["maxUnavailable"] = unavailable },
            };
        }

        change?.Invoke(deployment);
        _store.Create(Web, deployment);
    }

    private void MakeReady(JsonObject pod) => _store.Update(new ResourceId(Resources.Pods, "ns", pod.Name()), p =>
    {
        Conditions.Set(p.Ensure("status"), "Ready", true, null, null, _time.GetUtcNow());
        p.Ensure("status")["phase"] = "Running";
        return p;
    });

    // What the controllers would do on the changes they cause, until nothing changes any more.
    private void Settle()
    {
        for (var version = -1L; version != _store.Version;)
        {
            version = _store.Version;
            foreach (var set in Sets)
            {
                _sets.Reconcile(new ResourceId(Resources.ReplicaSets, "ns", set.Name()));
            }

            _deployments.Reconcile(Web);
        }
    }
}
