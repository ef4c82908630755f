using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using FaultTolerance.LocalCluster.Tests.Api;
using FaultTolerance.LocalCluster.Tests.Kubelet;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.LocalCluster.Tests.Controllers;

/// <summary>Stateful sets, daemon sets and jobs.</summary>
public sealed class OtherWorkloadTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryStore _store;
    private readonly StatefulSetController _stateful;
    private readonly DaemonSetController _daemons;
    private readonly JobController _jobs;

    public OtherWorkloadTests()
    {
        _store = new MemoryStore(_time);
        var events = new EventRecorder(_store, "test", _time, NullLogger.Instance);
        _stateful = new(_store, events, _time, NullLogger.Instance);
        _daemons = new(_store, events, _time, NullLogger.Instance);
        _jobs = new(_store, events, _time, NullLogger.Instance);
    }

    private static ResourceId Set => new(Resources.StatefulSets, "ns", "etcd");

    private static ResourceId Job => new(Resources.Jobs, "ns", "load");

    private List<string> Names => [.. _store.List(Resources.Pods, "ns").Items.Select(pod => pod.Name())];

    [Fact]
    public void Stateful_set_makes_its_pods_in_order_each_after_the_one_before_is_ready_with_claims_of_their_own()
    {
        CreateSet(2);
        _stateful.Reconcile(Set);
        Assert.Equal(["etcd-0"], Names);
        _stateful.Reconcile(Set);
        Assert.Equal(["etcd-0"], Names);

        MakeReady("etcd-0");
        _stateful.Reconcile(Set);
        MakeReady("etcd-1");
        _stateful.Reconcile(Set);

        Assert.Equal(["etcd-0", "etcd-1"], Names);
        var pod = _store.Get(TestCluster.Id("etcd-1"))!;
        Assert.Equal(("etcd-1", "peers", "1"),
            (pod.Text("spec", "hostname"), pod.Text("spec", "subdomain"), pod.Text("metadata", "labels", "apps.kubernetes.io/pod-index")));
        Assert.Equal("data-etcd-1", pod.Maps("spec", "volumes").Single().Text("persistentVolumeClaim", "claimName"));
        Assert.Equal("Bound", _store.Get(new(Resources.PersistentVolumeClaims, "ns", "data-etcd-1"))!.Text("status", "phase"));
        var status = _store.Get(Set)!;
        Assert.Equal((2, 2, 2), (status.Number("status", "replicas"), status.Number("status", "readyReplicas"),
            status.Number("status", "updatedReplicas")));
        Assert.Equal(status.Text("status", "updateRevision"), status.Text("status", "currentRevision"));
    }

    [Fact]
    public void Stateful_set_scaled_to_zero_and_back_keeps_names_and_claims()
    {
        CreateSet(2, parallel: true);
        _stateful.Reconcile(Set);
        Assert.Equal(["etcd-0", "etcd-1"], Names);
        var claim = _store.Get(new(Resources.PersistentVolumeClaims, "ns", "data-etcd-0"))!.Uid();

        Change(set => set["spec"]!["replicas"] = 0);
        _stateful.Reconcile(Set);
        Assert.Empty(Names);
        Assert.Equal(0, _store.Get(Set)!.Number("status", "replicas"));
        Change(set => set["spec"]!["replicas"] = 1);
        _stateful.Reconcile(Set);

        Assert.Equal(["etcd-0"], Names);
        Assert.Equal(claim, _store.Get(new(Resources.PersistentVolumeClaims, "ns", "data-etcd-0"))!.Uid());
    }

    [Fact]
    public void Stateful_set_renews_its_pods_from_the_highest_on_one_at_a_time()
    {
        CreateSet(2);
        for (var ordinal = 0; ordinal < 2; ordinal++)
        {
            _stateful.Reconcile(Set);
            MakeReady($"etcd-{ordinal}");
        }

        var before = _store.Get(TestCluster.Id("etcd-0"))!.Uid();
        Change(set => set["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { ["restarted"] = "1" });
        _stateful.Reconcile(Set);
        Assert.Equal(["etcd-0"], Names);
        _stateful.Reconcile(Set);
        Assert.Equal(["etcd-0", "etcd-1"], Names);
        _stateful.Reconcile(Set);
        Assert.Equal(before, _store.Get(TestCluster.Id("etcd-0"))!.Uid());
        MakeReady("etcd-1");
        _stateful.Reconcile(Set);
        _stateful.Reconcile(Set);
        MakeReady("etcd-0");
        _stateful.Reconcile(Set);

        Assert.NotEqual(before, _store.Get(TestCluster.Id("etcd-0"))!.Uid());
        Assert.Equal(2, _store.Get(Set)!.Number("status", "updatedReplicas"));
    }

    [Fact]
    public void Daemon_set_keeps_one_pod_on_the_node_if_the_node_fits()
    {
        NodeRegistration.Register(_store, _time);
        var id = new ResourceId(Resources.DaemonSets, "ns", "agent");
        _store.Create(
            id,
            JsonNode
                .Parse("""{"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"m","image":"i"}]}}}}""")!
                .AsObject()
        );

        _daemons.Reconcile(id);
        _daemons.Reconcile(id);
        Assert.Single(Names);
        MakeReady(Names[0]);
        _daemons.Reconcile(id);
        Assert.Equal((1, 1), (_store.Get(id)!.Number("status", "desiredNumberScheduled"), _store.Get(id)!.Number("status", "numberReady")));
        _store.Update(id, set =>
        {
            set["spec"]!["template"]!["spec"]!["nodeSelector"] = new JsonObject { ["gpu"] = "none" };
            return set;
        });
        _daemons.Reconcile(id);

        Assert.Empty(Names);
        Assert.Equal(0, _store.Get(id)!.Number("status", "desiredNumberScheduled"));
    }

    [Fact]
    public void Job_runs_as_many_pods_at_once_as_it_may_until_all_have_succeeded()
    {
        CreateJob("""{"completions":3,"parallelism":2,"backoffLimit":2}""");
        _jobs.Reconcile(Job);
        Assert.Equal(2, Names.Count);
        Names.ForEach(name => End(name, "Succeeded"));
        _jobs.Reconcile(Job);
        Assert.Equal(3, Names.Count);
        End(Names.Single(name => _store.Get(TestCluster.Id(name))!.Text("status", "phase") != "Succeeded"), "Succeeded");
        _jobs.Reconcile(Job);

        var job = _store.Get(Job)!;
        Assert.Equal("True", job.Condition("Complete").Text("status"));
        Assert.Equal(3, job.Number("status", "succeeded"));
        Assert.NotNull(job.Text("status", "completionTime"));
        Assert.Equal(job.Uid(), job.Text("spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"));
    }

    [Fact]
    public void Job_waits_after_a_failure_and_fails_beyond_its_limit()
    {
        CreateJob("""{"completions":1,"backoffLimit":1}""");
        _jobs.Reconcile(Job);
        End(Names.Single(), "Failed");
        _jobs.Reconcile(Job);
        Assert.Single(Names);
        _time.Advance(TimeSpan.FromSeconds(11));
        _jobs.Reconcile(Job);
        Assert.Equal(2, Names.Count);
        Names.ForEach(name => End(name, "Failed"));
        _jobs.Reconcile(Job);

        Assert.Equal("BackoffLimitExceeded", _store.Get(Job)!.Condition("Failed").Text("reason"));
    }

    [Fact]
    public void Indexed_job_gives_each_pod_its_number_and_a_failed_number_runs_again()
    {
        CreateJob("""{"completions":2,"parallelism":2,"completionMode":"Indexed","backoffLimit":3}""");
        _jobs.Reconcile(Job);
        var numbers = _store.List(Resources.Pods, "ns")
            .Items.Select(pod => pod.Maps("spec", "containers").Single().Maps("env").Single().Text("value")).Order(StringComparer.Ordinal);
        Assert.Equal(["0", "1"], numbers);
        End(Names.Single(name => name.StartsWith("load-0-", StringComparison.Ordinal)), "Failed");
        _time.Advance(TimeSpan.FromSeconds(11));
        _jobs.Reconcile(Job);

        Assert.Equal(2, Names.Count(name => name.StartsWith("load-0-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Job_is_served_with_its_defaults_and_rules()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        const string Jobs = "/apis/batch/v1/namespaces/ns/jobs";

        var (made, job) = await http.JsonAsync("POST", Jobs,
            """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"i"}]}}}}""");
        var (refused, why) = await http.JsonAsync("POST", Jobs,
            """{"metadata":{"name":"b"},"spec":{"template":{"spec":{"containers":[{"name":"m","image":"i"}]}}}}""");

        Assert.Equal((201, 1, 6), (made, job.Number("spec", "completions"), job.Number("spec", "backoffLimit")));
        Assert.Equal(422, refused);
        Assert.Contains("spec.template.spec.restartPolicy", why.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stateful_set_may_mount_its_claims()
    {
        await using var api = await ApiFixture.StartAsync();

        var (made, set) = await api.Http()
            .JsonAsync(
                "POST",
                "/apis/apps/v1/namespaces/ns/statefulsets",
                """
                {"metadata":{"name":"a"},"spec":{"serviceName":"a","selector":{"matchLabels":{"a":"b"}},"volumeClaimTemplates":[{"metadata":{"name":"data"}}],
                 "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"m","image":"i","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}}}}
                """
            );

        Assert.True(made == 201, set.ToJsonString());
        Assert.Equal("OrderedReady", set.Text("spec", "podManagementPolicy"));
    }

    [Fact]
    public async Task Stateful_sets_claim_outlives_its_pod_and_its_folder_goes_with_the_claim()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        var set = SetOf(1, parallel: false);
        set["spec"]!["template"]!["spec"] = JsonNode.Parse(
            """
            {"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"test","command":["/bin/sh","-c","cat /data/x; echo from $HOSTNAME >/data/x; echo end; exec sleep 1000"],
             "volumeMounts":[{"name":"data","mountPath":"/data"}]}]}
            """);
        cluster.Store.Create(Set, set);
        var first = await cluster.WaitReadyAsync("etcd-0");
        await cluster.WaitLogAsync("etcd-0", "end");
        var claim = cluster.Store.Get(new(Resources.PersistentVolumeClaims, "ns", "data-etcd-0"))!;
        Deletion.Begin(cluster.Store, TestCluster.Id("etcd-0"), TimeProvider.System);
        await cluster.WaitPodAsync("etcd-0", pod => pod.Uid() != first.Uid() && pod.IsReady());
        await cluster.WaitLogAsync("etcd-0", "end");

        Assert.StartsWith("from etcd-0\n", await cluster.LogAsync("etcd-0"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(PodVolumes.ClaimFolder(cluster.Options, claim.Uid()), "x")));
        Assert.False(Path.Exists("/data/x"));
    }

    private void CreateSet(int replicas, bool parallel = false) => _store.Create(Set, SetOf(replicas, parallel));

    private static JsonObject SetOf(int replicas, bool parallel) => new()
    {
        ["metadata"] = new JsonObject(),
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["serviceName"] = "peers",
            ["podManagementPolicy"] = parallel ? "Parallel" : "OrderedReady",
            ["selector"] = JsonNode.Parse("""{"matchLabels":{"a":"b"}}"""),
            ["template"] = JsonNode.Parse("""{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"m","image":"i"}]}}"""),
            ["volumeClaimTemplates"] = JsonNode.Parse("""[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"]}}]"""),
        },
    };

    private void CreateJob(string spec)
    {
        var value = JsonNode.Parse(spec)!.AsObject();
        value["template"] = JsonNode.Parse("""{"spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"i"}]}}""");
        _store.Create(Job, new JsonObject { ["spec"] = value });
    }

    private void Change(Action<JsonObject> change) => _store.Update(Set, set =>
    {
        change(set);
        return set;
    });

    private void MakeReady(string name) => _store.Update(TestCluster.Id(name), pod =>
    {
        pod.Ensure("status")["phase"] = "Running";
        Conditions.Set(pod.Ensure("status"), "Ready", true, null, null, _time.GetUtcNow());
        return pod;
    });

    private void End(string name, string phase) => _store.Update(TestCluster.Id(name), pod =>
    {
        pod.Ensure("status")["phase"] = phase;
        pod.Ensure("status")["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["finishedAt"] = MemoryStore.Stamp(_time.GetUtcNow()) } },
        });
        return pod;
    });
}
