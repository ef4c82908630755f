using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Faults;
using FaultTolerance.Faults.CutApi;
using FaultTolerance.Faults.StallProcess;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Tests.Faults.Kinds;

namespace FaultTolerance.Tests.Faults.Undo;

/// <summary>
/// Every kind that lasts, left by a command that was killed at each of its steps: before the fault, after it, after its undo. The next
/// command finds the note in the namespace and nothing stays. The shell scripts are run by a shell.
/// </summary>
public sealed class EveryUndoTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Steps =>
        [.. from kind in FaultKinds.Standard.All.OfType<IUndoneFaultKind>()
            where kind is not StallProcessKind and not CutApiKind // what the one hits is no state here; the other ends with its process
            from step in Enumerable.Range(0, 3)
            select new TheoryDataRow<string, int>(kind.Kind, step)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task HealAsync_of_what_a_killed_command_left_leaves_nothing(string word, int step)
    {
        var folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;
        var (stage, network) = await KindSamples.NetworkAsync();
        await using var ends = stage;
        await using var cable = network;
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);
        await using var watch = await GraphWatch.StartAsync(session, stage.Graph, stage.Timeline, Cancellation);
        using var log = new TestLog(Path.Combine(stage.Folder, "other.log.txt"), stage.Clock);
        var fault = KindSamples.Of(word, folder, TimeSpan.FromHours(1));
        var kind = (IUndoneFaultKind)FaultKinds.Standard.Of(fault);
        var scene = new FaultScene(session, watch, log, stage.Timeline, new FaultOptions());
        var context = new FaultContext("1.1", "broken", fault, kind, kind.Targets(scene, fault)[0], scene)
        {
            Deadline = stage.Clock.Now + TimeSpan.FromHours(1),
        };
        var before = KindSamples.State(stage, folder);

        var undo = await kind.UndoAsync(context, Cancellation);
        Assert.Equal(before, KindSamples.State(stage, folder));
        var token = undo["token"]?.GetValue<string>();
        await new UndoBoard(session).PostAsync(UndoNote.Of(context, undo), Cancellation);
        if (step > 0)
        {
            await kind.InjectAsync(context, Cancellation);
            Assert.True(token is null ? before != KindSamples.State(stage, folder) : RealShell.Marked(token).Count > 0);
        }

        if (step > 1)
        {
            await kind.HealAsync(session, undo.DeepClone().AsObject(), Cancellation);
        }

        var told = new List<string>();
        var undone = await new LeftFaults(session, FaultKinds.Standard, told.Add).HealAsync(false, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(1, undone);
        Assert.StartsWith($"Fault {word} on ", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(before, KindSamples.State(stage, folder));
        Assert.Empty(token is null ? [] : RealShell.Marked(token));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task RunAsync_of_every_kind_is_proven_undone_and_leaves_nothing(string word)
    {
        var folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;
        var (stage, network) = await KindSamples.NetworkAsync();
        await using var ends = stage;
        await using var cable = network;
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };
        var before = KindSamples.State(stage, folder);

        var outcome = Assert.Single(await stage.RunAsync(KindSamples.Of(word, folder, TimeSpan.FromSeconds(0.1))));

        Assert.Null(outcome.Error);
        Assert.NotEmpty(outcome.Proof!.Text);
        Assert.Single(stage.Events("fault.landed"));
        Assert.Single(stage.Events("fault.healed"));
        Assert.Equal(before, KindSamples.State(stage, folder));
        Assert.Equal(2, File.ReadAllLines(stage.Options.Journal!).Length);
        Directory.Delete(folder, recursive: true);
    }

    public static TheoryData<string> Whole =>
        [.. FaultKinds.Standard.All.OfType<IUndoneFaultKind>().Where(kind => kind is not StallProcessKind).Select(kind => kind.Kind)];

    [Fact]
    public async Task HealAsync_of_overdue_only_leaves_what_another_run_undoes_itself()
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var ends = stage;
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);
        var board = new UndoBoard(session);
        UndoNote Note(string name, double hours) => new(
            name, "1.1", "cordonNode", "node-1", stage.Clock.Now + TimeSpan.FromHours(hours),
            new() { ["node"] = "node-1", ["closed"] = false });
        await board.PostAsync(Note("faultmatrix-undo-1", -1), Cancellation);
        await board.PostAsync(Note("faultmatrix-undo-2", 1), Cancellation);
        var told = new List<string>();

        var undone = await new LeftFaults(session, FaultKinds.Standard, told.Add).HealAsync(true, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(1, undone);
        Assert.Equal(["faultmatrix-undo-2"], stage.Objects.Names("configmaps"));
        Assert.Contains(told, line => line.Contains("the run that made it undoes it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HealAsync_of_a_kind_that_is_not_known_says_so_and_keeps_the_note()
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var ends = stage;
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);
        await new UndoBoard(session).PostAsync(new UndoNote("faultmatrix-undo-1", "1.1", "newer", "x", null, []), Cancellation);

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() =>
            new LeftFaults(session, FaultKinds.Standard, _ => { }).HealAsync(false, TimeSpan.FromSeconds(30), Cancellation));

        Assert.Equal("FT0615", error.Code);
        Assert.Contains("this version does not know the kind", error.Message, StringComparison.Ordinal);
        Assert.Single(stage.Objects.Names("configmaps"));
    }
}
