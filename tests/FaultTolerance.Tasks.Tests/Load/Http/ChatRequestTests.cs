using System.Text;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

public sealed class ChatRequestTests
{
    [Fact]
    public void For_prompt_depends_on_seed_client_and_number_alone()
    {
        var spec = new LoadSpec();
        var first = Prompt(spec, 0, 7);

        Assert.Equal(first, Prompt(spec, 0, 7), ignoreCase: false);
        Assert.DoesNotContain(Prompt(spec, 0, 8), first, StringComparison.Ordinal);
        Assert.DoesNotContain(Prompt(spec, 1, 7), first, StringComparison.Ordinal);
        Assert.DoesNotContain(Prompt(spec with { Seed = 2 }, 0, 7), first, StringComparison.Ordinal);
    }

    [Fact]
    public void For_digits_are_evenly_spread()
    {
        var request = new ChatRequest(new LoadSpec { InputTokens = 100_000 }, "m", 0);
        request.For(FrontendTarget.For(Support.ScriptedService.Endpoint("a")), 0);
        var text = Encoding.ASCII.GetString(request.Body.Span);
        var content = text[(text.IndexOf("content\": \"", StringComparison.Ordinal) + 11)..text.IndexOf("\"}]", StringComparison.Ordinal)];
        var digits = content.Split(' ').CountBy(d => d, StringComparer.Ordinal).Select(d => d.Value).ToArray();

        Assert.Equal(10, digits.Length);
        // Binomial: 10,000 expected, standard deviation 95; five of them.
        Assert.All(digits, n => Assert.InRange(n, 9525, 10475));
    }

    private static string Prompt(LoadSpec spec, int client, long number) =>
        Encoding.ASCII.GetString(
            new ChatRequest(spec, "m", client).For(FrontendTarget.For(Support.ScriptedService.Endpoint("a")), number).Span
        );
}
