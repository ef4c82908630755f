using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>Which rows a command runs, and with which profile, as its plan says: nothing is made, no cluster is asked.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public SelectionTests()
    {
        File.Copy(Path.Combine(Repository.Root, "deployments", "agg.yaml"), _temp["agg.yaml"]);
        _temp.Write("scenarios.json", """
            {
              "defaultProfile": "slow",
              "deployments": {
                "one": { "manifest": "agg.yaml", "roles": ["frontend", "decode"] },
                "two": { "manifest": "agg.yaml", "roles": ["frontend", "decode"] },
                "beside": { "manifest": "agg.yaml", "roles": ["frontend", "decode"] }
              },
              "failures": {
                "none": {},
                "frontend_pod": { "kind": "deletePod", "target": "frontend" },
                "decode_pod": { "kind": "deletePod", "target": "decode" },
                "extra": { "kind": "deletePod", "target": "decode", "after": 3 }
              },
              "loads": {
                "few": { "clients": 1, "requestsPerClient": 11 },
                "many": { "clients": 1, "requestsPerClient": 77 }
              },
              "profiles": { "quick": { "load": "few" }, "slow": { "load": "many" } },
              "matrix": [ { "deployments": ["one", "two"], "failures": ["none", "frontend_pod", "decode_pod"] } ]
            }
            """);
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("", "one-none one-frontend_pod one-decode_pod two-none two-frontend_pod two-decode_pod")]
    [InlineData("--deployment one", "one-none one-frontend_pod one-decode_pod")]
    [InlineData("--deployment o*", "one-none one-frontend_pod one-decode_pod")]
    [InlineData("--failure decode_pod", "one-decode_pod two-decode_pod")]
    [InlineData("--failure *_pod --deployment two", "two-frontend_pod two-decode_pod")]
    // What the matrix does not have at all is meant with all of its failures; what it has is not.
    [InlineData("--deployment beside", "beside-none beside-frontend_pod beside-decode_pod beside-extra")]
    [InlineData("--deployment one beside --failure none extra", "one-none beside-none beside-extra")]
    [InlineData("--scenario one-extra", "one-extra")]
    public async Task Plan_has_the_rows_that_were_meant(string words, string rows)
    {
        var (code, output) = await PlanAsync(words);

        Assert.True(code == 0, output);
        Assert.Equal(rows.Split(' '), Regex.Matches(output, @"^\S* *(?<row>(one|two|beside)-\w+): about", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["row"].Value));
    }

    [Theory]
    [InlineData("--failure extra")]
    [InlineData("--deployment one --failure extra")]
    [InlineData("--deployment b*")]
    public async Task Plan_of_rows_that_the_matrix_does_not_have_is_refused(string words)
    {
        var (code, output) = await PlanAsync(words);

        Assert.Equal(2, code);
        Assert.Contains("FT0210: No scenario of the matrix has a deployment like", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "77 requests of 1 clients")]
    [InlineData("--load-profile quick", "11 requests of 1 clients")]
    public async Task Plan_takes_the_default_profile_of_the_file_unless_another_is_named(string words, string expected)
    {
        var (code, output) = await PlanAsync($"--scenario one-none {words}");

        Assert.True(code == 0, output);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output)> PlanAsync(string words) =>
        BuildScript.RunAsync(["--plan", "--scenarios-file", _temp["scenarios.json"], .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
