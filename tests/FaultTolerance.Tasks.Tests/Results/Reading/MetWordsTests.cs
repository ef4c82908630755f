using System.Text.Json.Nodes;
using FaultTolerance.Results.Reading;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Tasks;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results.Reading;

/// <summary>run.json says which versions' ready texts and states a run met.</summary>
public sealed class MetWordsTests : IDisposable
{
    private const string Released = "agg-tp-1-dp-1-none";
    private const string Source = "disagg-tp-1-dp-1-none";
    private readonly ArtefactFolder _folder = new();

    private string RunJson => Path.Combine(_folder.Path, "run.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ParseResults_notes_the_texts_and_states_of_both_versions_and_keeps_the_rest()
    {
        File.WriteAllText(RunJson, """{"run":"r","standIn":true}""");
        Row(Released, "\"states\":[\"pending\",\"successful\"]", "worker for M/1 has been initialized", "Chat completions is ready");
        Row(Source, "\"states\":[\"initializing\",\"successful\"]", "VllmWorker for M/2 has been initialized", "added model");

        Parse();

        var run = JsonNode.Parse(File.ReadAllText(RunJson))!;
        Assert.Equal(("r", true), ((string?)run["run"], (bool?)run["standIn"]));
        Assert.Equal(
            [
                "Frontend frontend 2025-09: added model",
                "Frontend frontend 2026: Chat completions is ready",
                "VllmDecodeWorker vllm 2025-09: VllmWorker for M has been initialized",
                "VllmDecodeWorker vllm 2025-09: worker for M has been initialized",
            ],
            run["met"]!["readyTexts"]!.AsArray().Select(text => $"{text!["service"]} {text["engine"]} {text["since"]}: {text["text"]}"));
        Assert.Equal(["initializing", "pending", "successful"], run["met"]!["graphStates"]!.AsArray().Select(state => (string)state!));
    }

    [Fact]
    public void ParseResults_again_writes_the_same_bytes()
    {
        File.WriteAllText(RunJson, """{"run":"r"}""");
        Row(Released, "\"states\":[\"successful\"]", "All 2 mocker worker(s) created and running", "Completions is ready");
        Parse();
        var first = File.ReadAllBytes(RunJson);

        Parse();

        Assert.Equal(first, File.ReadAllBytes(RunJson));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no JSON")]
    [InlineData("[]")]
    public void ParseResults_leaves_what_is_no_description_of_a_run(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(RunJson, text);
        }

        Row(Released, "\"states\":[\"successful\"]", "worker for M has been initialized", "Completions is ready");

        Parse();

        Assert.Equal(text, File.Exists(RunJson) ? File.ReadAllText(RunJson) : null);
    }

    [Theory]
    [InlineData("VllmDecodeWorker", "INFO worker for Qwen/Qwen3 has been initialized", "worker for M has been initialized")]
    [InlineData("decode", "All 12 mocker worker(s) created and running", "All n mocker worker(s) created and running")]
    [InlineData("decode", "Registered endpoint 'a.b.generate' with shared TCP server on 1:2", "Registered endpoint 'E.generate'")]
    [InlineData("Frontend", "added models", "added model")]
    [InlineData("Frontend", "nothing of it", null)]
    public void WordsIn_leaves_names_and_numbers_out(string service, string message, string? words) =>
        Assert.Equal(words, ReadyTexts.For(service, []).Select(text => text.WordsIn(message)).FirstOrDefault(found => found is not null));

    private void Row(string name, string states, string worker, string frontend)
    {
        _folder.TestLog(name, fault: null);
        _folder.Write(name, "timeline.jsonl", $$"""{"at":"{{Utc(180)}}","event":"deployment.ready","name":"g",{{states}}}""");
        _folder.Write(name, "client_0.log.txt", LegacyLine(190, 1, true));
        _folder.Write(name, "VllmDecodeWorker/w.log", $"{Utc(170)} INFO {worker}");
        _folder.Write(name, "Frontend/f.log", $"{Utc(175)} INFO {frontend}");
    }

    private void Parse()
    {
        using var task = new ParseResults { BuildEngine = new RecordingEngine(), Results = _folder.Path };
        task.Execute();
    }
}
