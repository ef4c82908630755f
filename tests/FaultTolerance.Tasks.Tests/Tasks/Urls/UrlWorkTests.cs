using FaultTolerance.Artefacts;
using FaultTolerance.Load.Work;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;
using FaultTolerance.Tasks.Urls;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace FaultTolerance.Tests.Tasks.Urls;

/// <summary>Prompts, a trace and lengths that are given beside an address.</summary>
public sealed class UrlWorkTests : IDisposable
{
    private readonly WorkFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Over_given_lengths_take_the_place_of_the_load_s()
    {
        var load = Work(("InputTokens", "70"), ("OutputTokens", """{ "kind": "normal", "mean": 200, "deviation": 50 }""")).Over(new LoadSpec
        {
            InputLengths = new LengthSpec { Kind = LengthKind.Normal, Mean = 9, Deviation = 1 },
        });

        Assert.Equal((70, null), (load.InputTokens, load.InputLengths));
        Assert.Equal((200, LengthKind.Normal, 50), (load.OutputTokens, load.OutputLengths!.Kind, load.OutputLengths.Deviation));
    }

    [Fact]
    public void Over_prompts_of_a_file_leave_nothing_of_the_load_s_own()
    {
        var file = _files.Write("""{"messages": [{"role": "user", "content": "hi"}]}""");

        var load = Work(("Prompts", file), ("OutputTokens", "7")).Over(new LoadSpec
        {
            SharedPrefix = new SharedPrefix(10, 1), InputLengths = LengthSpec.Fixed(4), Sessions = new SessionSpec(3),
        });

        Assert.Equal((file, 1, 7), (load.Prompts!.Path, load.Prompts.Count, load.OutputTokens));
        Assert.Equal((null, null, null), (load.SharedPrefix, load.Sessions, load.InputLengths));
    }

    [Fact]
    public void Over_trace_is_an_open_loop_of_its_own_times()
    {
        var file = _files.Write("""
            {"timestamp": 1000, "input_length": 5, "output_length": 6}
            {"timestamp": 5000, "input_length": 5, "output_length": 6}
            """);

        var load = Work(("Trace", file), ("TraceSpeed", "2")).Over(new LoadSpec { Clients = 2, Ramp = TimeSpan.FromSeconds(3) });

        Assert.Equal((LoadMode.Open, 2, 2), (load.Mode, load.Trace!.Seconds, load.Planned));
        Assert.Equal(TimeSpan.Zero, load.Ramp);
    }

    [Theory]
    [InlineData("InputTokens", "many", "'--input-tokens' is 'many', which is neither a number nor an object")]
    [InlineData("InputTokens", "0", "'--input-tokens' is 0, but must be from 1 to 1,000,000")]
    [InlineData("OutputTokens", """{ "kind": "normal", "mean": 20 }""", "--output-tokens: 'deviation' is missing")]
    [InlineData("OutputTokens", """{ "kind": "norml", "mean": 20 }""", "--output-tokens: 'kind' is 'norml'")]
    [InlineData("TraceSpeed", "2", "'--trace' is missing")]
    public void Over_option_that_is_wrong_is_told_by_its_name(string option, string value, string told)
    {
        var e = Assert.ThrowsAny<FaultMatrixException>(() => Work((option, value)).Over(new LoadSpec()));

        Assert.Equal("FT0125", e.Code);
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_options_that_contradict_are_told_by_their_names()
    {
        var file = _files.Write("""{"timestamp": 0, "input_length": 5, "output_length": 6}""");

        var e = Assert.ThrowsAny<FaultMatrixException>(() => Work(("Trace", file), ("InputTokens", "5")).Over(new LoadSpec()));

        Assert.Equal("FT0125", e.Code);
        Assert.Contains("'--trace' says it; remove '--input-tokens'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_line_of_a_file_that_is_wrong_is_told_with_its_number()
    {
        var file = _files.Write("{\"messages\": []}\n");

        var e = Assert.Throws<ScenarioFileException>(() => Work(("Prompts", file)).Over(new LoadSpec()));

        var fault = Assert.Single(e.Diagnostics);
        Assert.Equal(("FT0241", file, 1), (fault.Code, fault.File, fault.Line));
    }

    [Fact]
    public void Over_file_that_is_not_there_is_told()
    {
        var e = Assert.Throws<ScenarioFileException>(() => Work(("Prompts", "/nowhere/chats.jsonl")).Over(new LoadSpec()));

        Assert.Equal("FT0240", e.Code);
    }

    [Fact]
    public void Catalog_without_an_address_refuses_them()
    {
        var item = new TaskItem("address");
        item.SetMetadata("InputTokens", "5");

        var e = Assert.Throws<FaultMatrixException>(() => UrlOptions.Of(item).Catalog("scenarios.json", false, "", "", ""));

        Assert.Equal("FT0125", e.Code);
        Assert.Contains("--input-tokens: of a load by its address alone", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalog_of_an_address_needs_no_file()
    {
        var item = new TaskItem("address");
        item.SetMetadata("Url", "http://localhost:1");
        item.SetMetadata("InputTokens", "5");
        var missing = _files.Path + ".missing";

        var row = Assert.Single(UrlOptions.Of(item).Catalog(missing, isNamed: false, "", "", "").All);

        Assert.Equal((5, true), (row.Load.InputTokens, row.Load.Stream));
        var e = Assert.Throws<ScenarioFileException>(() => UrlOptions.Of(item).Catalog(missing, isNamed: true, "", "", ""));
        Assert.Equal("FT0201", e.Code);
    }

    private static UrlWork Work(params (string Name, string Value)[] options)
    {
        var item = new TaskItem("address");
        foreach (var (name, value) in options)
        {
            item.SetMetadata(name, value);
        }

        return UrlWork.Of(item);
    }
}
