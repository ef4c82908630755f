using System.Diagnostics;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Tests.Artefacts.ClientLogs;

/// <summary>Python itself is the judge of the format: what it reads and writes again must be the same bytes.</summary>
public sealed class PythonRoundTripTests
{
    private const string Script = """
        import json, sys
        for line in open(sys.argv[1], encoding="ascii"):
            again = json.dumps(json.loads(line)) + "\n"
            if again != line:
                sys.exit("written: " + line + "python:  " + again)
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_log_is_byte_for_byte_what_python_writes(bool stream)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs python3");
        using var fixture = new LoadFixture();
        var asked = 0;
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                switch (asked++)
                {
                    case 0: await s.AnswerAsync(Bodies.Chat(100, "héllo 😀 \\\"quoted\\\"\\n")); break;
                    case 1: await s.AnswerAsync("{ \"error\" : [1, 2.5, null, true, {}, [] ,{\"a\":\"ü\"}]\n}", 500); break;
                    case 2: await s.AnswerAsync("not JSON \"at\" all", 404); break;
                    case 3: await s.SendAsync(Bodies.Stream(100)); break;
                    case 4: await s.SendAsync(Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("é"))); return;
                    default: return;
                }
            }
        });
        await fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 8, Stream = stream, Attempts = 2 }, service);

        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3")
        {
            ArgumentList = { "-c", Script, fixture.Folder.ClientLog(0) },
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var complaint = await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", complaint);
        Assert.Equal(0, python.ExitCode);
    }
}
