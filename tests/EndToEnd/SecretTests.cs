using System.Text;

namespace EndToEnd;

/// <summary>Secrets in the places where people put them: none of them is in the folder of a run, or in what the command prints.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SecretTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Run_folder_and_output_hold_no_planted_secret_and_are_their_owners_alone()
    {
        var secrets = new Secrets();
        var manifest = _temp.Write("plain.yaml", Plant(secrets));
        var scenarios = _temp.Write("scenarios.json", ShortScenarios.Text(requests: 20, manifest));
        var (code, output) = await BuildScript.RunAsync(
            ["FaultMatrix", "--scenarios-file", scenarios, "--scenario", "agg-decode_worker", "--results", _temp["results"]]
        );

        // A busy machine makes the row untrusted (1); what is asked here is what is written.
        Assert.True(code is 0 or 1, output);
        Assert.True(secrets.Count >= 10, $"only {secrets.Count} secrets were planted");
        secrets.AssertNotIn(output, "the output");
        var run = Assert.Single(Directory.GetDirectories(_temp["results"]));
        foreach (var file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories))
        {
            // What pods print themselves is kept as it is; docs say so.
            if (!file.EndsWith(".log", StringComparison.Ordinal))
            {
                secrets.AssertNotIn(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), file);
            }
        }

        // Not empty words: what was planted did get there.
        var yaml = Directory.EnumerateFiles(run, "*.yaml", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.Contains(yaml, text => text.Contains("--api-key", StringComparison.Ordinal) && text.Contains("***", StringComparison.Ordinal));
        Assert.Contains(yaml, text => text.Contains("example.com/api-token", StringComparison.Ordinal));
        Assert.Contains(
            "--api-key ***",
            await File.ReadAllTextAsync(
                Path.Combine(run, "test_fault_scenario[agg-decode_worker]", "timeline.jsonl"),
                TestContext.Current.CancellationToken
            ),
            StringComparison.Ordinal
        );
        AssertModes(run);
    }

    private static void AssertModes(string run)
    {
        const UnixFileMode Others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.All(
            [run, .. Directory.EnumerateFileSystemEntries(run, "*", SearchOption.AllDirectories)],
            entry => Assert.True((File.GetUnixFileMode(entry) & Others) == UnixFileMode.None, $"{entry}: {File.GetUnixFileMode(entry)}")
        );
    }

    private static string Plant(Secrets secrets)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "deployments", "plain-agg.yaml"));
        text = Replaced(
            text,
            "args: [--model, Qwen/Qwen3-0.6B]",
            $"args: [--model, Qwen/Qwen3-0.6B, --api-key, {secrets.Next()}, --hf-token={secrets.Next()}]"
        );
        text = Replaced(
            text,
            "          env:\n            - name: POD_NAME\n",
            $$"""
                      env:
                        - {name: HF_TOKEN, value: {{secrets.Next()}}}
                        - {name: OPENAI_API_KEY, value: {{secrets.Next()}}}
                        - {name: DB_PASSWORD, value: "{{secrets.Next()}}"}
                        - {name: MY_JWT, value: {{secrets.Next()}}}
                        - {name: DSN, value: "postgres://user:{{secrets.Next()}}@db:5432/x"}
                        - {name: CONNECTION, value: "Server=db;User=a;Password={{secrets.Next()}};Port=1"}
                        - {name: SETTINGS, value: '{"client_secret":"{{secrets.Next()}}"}'}
                        - name: POD_NAME

            """
        );
        text = Replaced(
            text,
            "    metadata:\n      labels:\n        faultmatrix.dev/graph: plain-agg\n        faultmatrix.dev/role: decode\n    spec:\n",
            $$"""
                metadata:
                  annotations:
                    example.com/api-token: {{secrets.Next()}}
                    example.com/config: '{"password":"{{secrets.Next()}}"}'
                  labels:
                    faultmatrix.dev/graph: plain-agg
                    faultmatrix.dev/role: decode
                spec:

            """
        );
        return Replaced(
            text,
            "          readinessProbe:\n            httpGet:\n              path: /health\n              port: 8000\n",
            $$"""
                      readinessProbe:
                        httpGet:
                          path: /health
                          port: 8000
                          httpHeaders:
                            - {name: Authorization, value: "Bearer {{secrets.Next()}}"}
                            - {name: X-Api-Key, value: {{secrets.Next()}}}

            """
        );
    }

    private static string Replaced(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }

    /// <summary>Secrets that nothing else in a run looks like.</summary>
    private sealed class Secrets
    {
        private readonly List<string> _given = [];

        public int Count => _given.Count;

        public string Next()
        {
            _given.Add($"planted{_given.Count}Zq7w{_given.Count}");
            return _given[^1];
        }

        public void AssertNotIn(string text, string where)
        {
            foreach (var secret in _given)
            {
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{secret} is in {where}");
                Assert.False(
                    text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal),
                    $"{secret} is in {where}, as base64"
                );
            }
        }
    }
}
