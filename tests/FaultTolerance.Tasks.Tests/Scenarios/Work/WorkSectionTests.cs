using System.Text;
using FaultTolerance.Load.Work;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Scenarios.Work;

public sealed class WorkSectionTests : IDisposable
{
    private readonly WorkFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("""{ "kind": "normal", "mean": 500, "deviation": 100, "max": 900 }""", "Normal", 500, 900)]
    [InlineData("""{ "kind": "logNormal", "mean": 200, "deviation": 300 }""", "LogNormal", 200, 1_000_000)]
    [InlineData("""{ "kind": "mixture", "parts": [{ "weight": 3, "tokens": 100 }, { "tokens": { "kind": "normal", "mean": 900, "deviation": 9, "max": 950 } }] }""", "Mixture", 300, 950)]
    public void Read_lengths_are_kept_with_their_mean(string lengths, string kind, int mean, int most)
    {
        var load = Load($"\"inputTokens\": {lengths}, \"outputTokens\": {lengths}");

        Assert.Equal((kind, most), (load.InputLengths!.Kind.ToString(), load.InputLengths.Most));
        Assert.Equal((mean, mean), (load.InputTokens, load.OutputTokens));
        Assert.Equal(most, load.OutputLengths!.Most);
    }

    [Fact]
    public void Read_whole_number_is_a_length_as_ever()
    {
        var load = Load("\"inputTokens\": 7, \"outputTokens\": 9");

        Assert.Equal((7, 9, true), (load.InputTokens, load.OutputTokens, load.IsUniform));
    }

    [Fact]
    public void Read_trace_says_number_rate_and_times()
    {
        _files.Write("""
            {"timestamp": 100, "input_length": 3, "output_length": 1}
            {"timestamp": 200, "input_length": 3, "output_length": 1}
            {"timestamp": 10100, "input_length": 3, "output_length": 1}
            """);

        var load = Load("\"mode\": \"open\", \"clients\": 2, \"trace\": \"work.jsonl\", \"traceSpeed\": 2");
        Assert.Equal((3, 2, 5.0), (load.Planned, load.RequestsPerClient, load.Trace!.Seconds));
        Assert.Equal(0.3, load.RatePerClient, 1e-9);
    }

    [Theory]
    [InlineData("\"inputTokens\": { \"mean\": 5 }", "'kind' is missing")]
    [InlineData("\"inputTokens\": { \"kind\": \"normal\", \"mean\": 5 }", "'deviation' is missing")]
    [InlineData("\"inputTokens\": { \"kind\": \"normal\", \"mean\": 5, \"deviation\": 1, \"min\": 6 }", "'mean' must lie from")]
    [InlineData("\"inputTokens\": { \"kind\": \"gauss\", \"mean\": 5, \"deviation\": 1 }", "'gauss'")]
    [InlineData("\"outputTokens\": { \"kind\": \"mixture\", \"parts\": [] }", "1 to 20 'parts'")]
    [InlineData("\"outputTokens\": { \"kind\": \"mixture\", \"parts\": [{ \"weight\": 2 }] }", "'tokens' is missing")]
    [InlineData("\"outputTokens\": { \"kind\": \"mixture\", \"parts\": [{ \"tokens\": { \"kind\": \"mixture\" } }] }", "'mixture'")]
    [InlineData("\"outputTokens\": \"many\"", "must be a whole number")]
    [InlineData("\"sharedPrefix\": { \"groups\": 2 }", "'tokens' is missing")]
    [InlineData("\"sessions\": { \"turns\": 1 }", "from 2 to")]
    [InlineData("\"sessions\": { \"turns\": 3 }, \"mode\": \"open\"", "sessions are of closed loads that chat")]
    [InlineData("\"sessions\": { \"turns\": 3 }, \"prompts\": \"work.jsonl\"", "remove 'sessions'")]
    [InlineData("\"sharedPrefix\": { \"tokens\": 5 }, \"stream\": true, \"continuity\": true", "streams are compared where prompts repeat")]
    [InlineData("\"prompts\": \"work.jsonl\", \"sweep\": { \"inputTokens\": [5, 9] }", "remove 'inputTokens' from 'sweep'")]
    [InlineData("\"traceSpeed\": 2", "'trace' is missing")]
    [InlineData("\"trace\": \"work.jsonl\"", "set \"mode\": \"open\"")]
    [InlineData("\"trace\": \"work.jsonl\", \"mode\": \"open\", \"ratePerClient\": 1", "remove 'ratePerClient'")]
    public void Read_what_cannot_be_is_refused(string keys, string why) =>
        Assert.Contains(Faults(keys), fault => fault.Message.Contains(why, StringComparison.Ordinal));

    [Theory]
    [InlineData("prompts", "{", "not valid JSON")]
    [InlineData("prompts", "[]", "must be a JSON object")]
    [InlineData("prompts", "{}", "'messages' is missing")]
    [InlineData("prompts", """{"messages": []}""", "at least one message")]
    [InlineData("prompts", """{"messages": [{"role": "user"}]}""", "'role', a text, and 'content'")]
    [InlineData("prompts", """{"messages": [{"role": "user", "content": "a"}], "max_tokens": 0}""", "'max_tokens' must be")]
    [InlineData("prompts", """{"messages": [{"role": "user", "content": "a"}], "id": 1}""", "unknown key 'id'")]
    [InlineData("trace", "{}", "'input_length' is missing")]
    [InlineData("trace", """{"input_length": 5, "output_length": 5}""", "'timestamp' is missing")]
    [InlineData("trace", """{"timestamp": 0, "input_length": 0, "output_length": 5}""", "'input_length' must be")]
    [InlineData("trace", """{"timestamp": 4, "input_length": 5, "output_length": 5}""", "in the order of time")]
    [InlineData("trace", """{"timestamp": 9, "input_length": 5, "output_length": 5, "hash_ids": [1, 2]}""", "too many for 5 tokens")]
    [InlineData("trace", """{"timestamp": 9, "input_length": 5, "output_length": 5, "hash_ids": ["a"]}""", "list of whole numbers")]
    public void Read_line_that_is_wrong_is_told_with_file_and_line(string key, string line, string why)
    {
        var right = key == "trace" ? """{"timestamp": 5, "input_length": 5, "output_length": 5}"""
            : """{"messages": [{"role": "user", "content": "a"}]}""";
        _files.Write($"{right}\n\n{line}\n");

        var fault = Assert.Single(Faults($"\"mode\": \"open\", \"{key}\": \"work.jsonl\""));
        Assert.Equal(("FT0241", _files.Path, 3), (fault.Code, fault.File, fault.Line));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_file_that_is_not_there_or_empty_is_told()
    {
        Assert.Equal("FT0240", Assert.Single(Faults("\"prompts\": \"none.jsonl\"")).Code);
        _files.Write("\n \n");
        Assert.Contains("holds no line", Assert.Single(Faults("\"prompts\": \"work.jsonl\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_many_wrong_lines_are_not_all_told()
    {
        _files.Write(string.Concat(Enumerable.Repeat("{}\n", 1000)));

        Assert.Equal(21, Faults("\"prompts\": \"work.jsonl\"").Length);
    }

    [Fact]
    public void Read_bytes_that_are_no_text_are_told()
    {
        File.WriteAllBytes(_files.Path, [.. "{\"messages\": [{\"role\": \"user\", \"content\": \""u8, 0xff, .. "\"}]}"u8]);

        Assert.Contains("UTF-8", Assert.Single(Faults("\"prompts\": \"work.jsonl\"")).Message, StringComparison.Ordinal);
    }

    private LoadSpec Load(string keys) => ScenarioFile.Parse(
        Encoding.UTF8.GetBytes($$"""
            {
              "deployments": { "there": { "url": "http://localhost" } },
              "failures": { "none": {} },
              "loads": { "l": { {{keys}} } },
              "profiles": { "quick": { "load": "l" } },
              "matrix": [{ "deployments": ["*"], "failures": ["none"] }]
            }
            """),
        Path.Combine(Path.GetDirectoryName(_files.Path)!, "scenarios.json"),
        new ScenarioOptions { Vocabulary = ScenarioSource.Vocabulary }).Matrix.Single().Load;

    private Diagnostic[] Faults(string keys)
    {
        if (!File.Exists(_files.Path))
        {
            _files.Write("""{"timestamp": 5, "input_length": 5, "output_length": 5}""");
        }

        return [.. Assert.Throws<ScenarioFileException>(() => Load(keys)).Diagnostics];
    }
}
