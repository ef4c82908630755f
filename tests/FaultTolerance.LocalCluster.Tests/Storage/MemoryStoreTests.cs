using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.LocalCluster.Tests.Storage;

public class MemoryStoreTests
{
    private static readonly ResourceType Pods = ResourceType.Core("pods");
    private readonly MemoryStore _store = new(new FakeTimeProvider(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));

    [Fact]
    public void Create_sets_what_the_server_owns()
    {
        var made = _store.Create(Id("a"), new() { ["spec"] = new JsonObject(), ["kind"] = "Pod" });

        Assert.Equal("2026-01-02T03:04:05Z", made.Text("metadata", "creationTimestamp"));
        Assert.Equal(1, made.Number("metadata", "generation"));
        Assert.Equal(_store.Version.ToString(CultureInfo.InvariantCulture), made.Text("metadata", "resourceVersion"));
        Assert.NotEmpty(made.Uid());
        Assert.Null(made["kind"]);
    }

    [Fact]
    public void Create_twice_is_refused_as_AlreadyExists()
    {
        _store.Create(Id("a"), []);

        var refusal = Assert.Throws<StoreException>(() => _store.Create(Id("a"), []));

        Assert.Equal((409, "AlreadyExists"), (refusal.Status, refusal.Reason));
        Assert.Equal("pods \"a\" already exists", refusal.Message);
    }

    [Fact]
    public void Update_of_an_old_version_is_refused_as_Conflict()
    {
        var first = _store.Create(Id("a"), []);
        _store.Update(Id("a"), value => With(value, "x", 1));

        var refusal = Assert.Throws<StoreException>(() => _store.Update(Id("a"), _ => With(first, "x", 2)));

        Assert.Equal((409, "Conflict"), (refusal.Status, refusal.Reason));
    }

    [Fact]
    public void Update_that_changes_nothing_makes_no_version()
    {
        _store.Create(Id("a"), new() { ["spec"] = new JsonObject { ["x"] = 1 } });
        var before = _store.Version;

        _store.Update(Id("a"), value => value);

        Assert.Equal(before, _store.Version);
    }

    [Fact]
    public void Update_raises_the_generation_with_the_spec_alone()
    {
        _store.Create(Id("a"), new() { ["spec"] = new JsonObject { ["x"] = 1 } });

        var status = _store.Update(Id("a"), value => With(value, "status", new JsonObject()));
        var spec = _store.Update(Id("a"), value => With(value, "spec", new JsonObject { ["x"] = 2 }));

        Assert.Equal((1, 2), (status.Number("metadata", "generation"), spec.Number("metadata", "generation")));
    }

    [Fact]
    public void Update_removes_a_deleted_object_with_its_last_finalizer()
    {
        _store.Create(Id("a"), new()
        {
            ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("keep/it"), ["deletionTimestamp"] = "2026-01-01T00:00:00Z" },
        });

        _store.Update(Id("a"), value =>
        {
            value.Metadata().Remove("finalizers");
            return value;
        });

        Assert.Null(_store.Get(Id("a")));
    }

    [Fact]
    public void Remove_of_another_incarnation_is_refused()
    {
        _store.Create(Id("a"), []);

        Assert.Equal(409, Assert.Throws<StoreException>(() => _store.Remove(Id("a"), "another-uid")).Status);
        Assert.NotNull(_store.Get(Id("a")));
    }

    [Fact]
    public void ChangesAfter_beyond_the_history_is_Expired()
    {
        var small = new MemoryStore(TimeProvider.System, historyPerType: 4);
        var start = small.Version;
        for (var i = 0; i < 20; i++)
        {
            small.Create(Id($"p{i}"), []);
        }

        Assert.Equal(410, Assert.Throws<StoreException>(() => small.ChangesAfter(Pods, start)).Status);
        Assert.Equal(504, Assert.Throws<StoreException>(() => small.ChangesAfter(Pods, small.Version + 1)).Status);
        Assert.Single(small.ChangesAfter(Pods, small.Version - 1).Changes);
    }

    [Fact]
    public async Task WatchAsync_waits_for_what_is_to_come()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var watch = _store.WatchAsync(Pods, "ns", _store.Version, cancellation).GetAsyncEnumerator(cancellation);
        var next = watch.MoveNextAsync();
        Assert.False(next.IsCompleted);

        _store.Create(new(Pods, "other", "x"), []);
        _store.Create(Id("a"), []);

        Assert.True(await next);
        Assert.Equal((StoreEventKind.Added, "a"), (watch.Current.Kind, watch.Current.Object.Name()));
    }

    [Fact]
    public void What_is_handed_out_is_a_copy()
    {
        _store.Create(Id("a"), []);

        _store.Get(Id("a"))!["spoiled"] = true;

        Assert.Null(_store.Get(Id("a"))!["spoiled"]);
    }

    /// <summary>Whatever happens: the list at a version, with the changes after it applied, is the list now.</summary>
    [Fact]
    public void Changes_replayed_on_any_earlier_list_give_the_list_now() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 3]).Array[1, 60].Sample(operations =>
        {
            var store = new MemoryStore(TimeProvider.System);
            var lists = new List<(Dictionary<string, string> Rows, long Version)> { Snapshot(store) };
            foreach (var (operation, name, value) in operations)
            {
                try
                {
                    Run(store, operation, Id($"p{name}"), value);
                }
                catch (StoreException e) when (e.Status is 404 or 409)
                {
                    continue;
                }

                lists.Add(Snapshot(store));
            }

            foreach (var (rows, version) in lists)
            {
                Assert.Equal(rows, Keyed(store.ListRaw(Pods, "ns", version).Rows));
                var replayed = new Dictionary<string, string>(rows, StringComparer.Ordinal);
                foreach (var change in store.ChangesAfter(Pods, version).Changes)
                {
                    Assert.Equal(change.Kind == StoreEventKind.Added, !replayed.ContainsKey(change.Id.Name));
                    if (change.Kind == StoreEventKind.Deleted)
                    {
                        replayed.Remove(change.Id.Name);
                    }
                    else
                    {
                        replayed[change.Id.Name] = MemoryStore.Parse(change.Json).ToJsonString();
                    }
                }

                Assert.Equal(Snapshot(store).Rows, replayed);
            }
        });

    private static void Run(MemoryStore store, int operation, ResourceId id, int value)
    {
        switch (operation)
        {
            case 0:
                store.Create(id, new() { ["spec"] = new JsonObject { ["x"] = value } });
                break;
            case 1:
                store.Remove(id);
                break;
            default:
                store.Update(id, current => With(current, "status", value));
                break;
        }
    }

    private static (Dictionary<string, string> Rows, long Version) Snapshot(MemoryStore store)
    {
        var (rows, version) = store.ListRaw(Pods, "ns");
        return (Keyed(rows), version);
    }

    private static Dictionary<string, string> Keyed(IEnumerable<byte[]> rows) =>
        rows.Select(MemoryStore.Parse).ToDictionary(value => value.Name(), value => value.ToJsonString(), StringComparer.Ordinal);

    private static ResourceId Id(string name) => new(Pods, "ns", name);

    private static JsonObject With(JsonObject value, string member, JsonNode content)
    {
        value[member] = content;
        return value;
    }
}
