using System.Text.Json.Nodes;
using FaultTolerance.Load.Urls;
using FaultTolerance.Tasks;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace FaultTolerance.Tests.Tasks;

/// <summary>A run on an address, through the tasks in the order in which a build calls them, in a folder of its own.</summary>
internal sealed class UrlRun : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-urlrun-").FullName;

    public UrlRun() => Directory.CreateDirectory(Results);

    public RecordingEngine Engine { get; } = new();

    /// <summary>
    /// What the tasks said, but for a generator that was short of time and a machine without a processor left: a busy machine is no mistake
    /// of theirs.
    /// </summary>
    public IReadOnlyList<string> Lines =>
        [.. Engine.Lines.Where(line => !line.Contains("the load generator cannot be trusted", StringComparison.Ordinal)
            && !line.StartsWith("warning FT0835", StringComparison.Ordinal))];

    public string Results => Path.Combine(_folder, "results");

    /// <summary>The run's folder, once it is prepared.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>A load with the name that <see cref="File"/> looks for.</summary>
    public static string Loads(int clients, int requests, double rate, bool stream, string more = "") =>
        $$"""
        "l": { "clients": {{clients}}, "requestsPerClient": {{requests}},
            "ratePerClient": {{rate.ToString(System.Globalization.CultureInfo.InvariantCulture)}}, "inputTokens": 10, "outputTokens": 20,
          "stream": {{(stream ? "true" : "false")}}, "retryDelay": 0.05, "timeout": 10, "maxSendLag": 5{{more}} }
        """;

    /// <summary>A scenarios file with nothing but a load.</summary>
    public static string File(string loads) =>
        $$"""{ "deployments": {}, "failures": {}, "loads": { {{loads}} }, "profiles": { "quick": { "load": "l" } } }""";

    public async Task WriteSecretsAsync(TlsService service, string key = TlsService.Key)
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "ca.pem"), service.AuthorityPem);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "key"), key + "\n");
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>What <c>./build.sh Load --url</c> does.</summary>
    public async Task LoadAsync(TlsService service, bool http2, string api, string loads, string key = TlsService.Key,
        Func<Task>? meanwhile = null)
    {
        await WriteSecretsAsync(service, key);
        var address = new TaskItem("address");
        address.SetMetadata("Url", service.Url);
        address.SetMetadata("Http", http2 ? "2" : "1.1");
        address.SetMetadata("Api", api);
        address.SetMetadata("CaFile", Path.Combine(_folder, "ca.pem"));
        address.SetMetadata("ApiKeyFile", Path.Combine(_folder, "key"));
        await RunAsync(Write("rows.json", File(loads)), address, meanwhile);
    }

    public async Task RunAsync(string file, Microsoft.Build.Framework.ITaskItem address, Func<Task>? meanwhile = null)
    {
        using var select = new SelectScenarios { BuildEngine = Engine, ScenariosFile = file, Address = address };
        using var prepare = new PrepareRun { BuildEngine = Engine, ScenariosFile = file, Address = address, Results = Results, New = true };
        if (!await DoAsync(select))
        {
            return;
        }

        Assert.False(select.NeedsCluster);
        prepare.Scenario = select.Scenarios;
        if (!await DoAsync(prepare))
        {
            return;
        }

        Folder = prepare.RunFolder;
        foreach (var row in select.Scenarios)
        {
            using var load = new LoadUrl { BuildEngine = Engine, Scenario = row.ItemSpec, RunFolder = Folder };
            var sending = DoAsync(load);
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            await sending;
        }

        using var parse = new ParseResults { BuildEngine = Engine, Results = Folder };
        await DoAsync(parse);
    }

    public IEnumerable<JsonObject> Rows() => JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, "summary.json")))!["scenarios"]!
        .AsArray().Select(row => row!.AsObject());

    /// <summary>The row has this state, or the machine was too busy for its generator.</summary>
    public static void Is(string state, JsonObject row)
    {
        if ((bool)row["generator"]!["valid"]!)
        {
            Assert.Equal(state, (string?)row["state"]);
        }
    }

    public JsonObject Row() => Assert.Single(Rows());

    /// <summary>The key is in no file of the run, in no form that it has on the wire.</summary>
    public void HoldsNoSecret()
    {
        var base64 = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(TlsService.Key));
        var files = Directory.GetFiles(Results, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var text = System.IO.File.ReadAllText(file);
            Assert.DoesNotContain(TlsService.Key, text, StringComparison.Ordinal);
            Assert.DoesNotContain(base64, text, StringComparison.Ordinal);
        });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A build calls a task on a thread of its own.
    private static Task<bool> DoAsync(Microsoft.Build.Framework.ITask task) => Task.Run(task.Execute);
}
