using System.Text;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Urls;

/// <summary>What is wrong with a service's answer to the first question: each kind has its code.</summary>
internal static class UrlAnswer
{
    internal const string Unreached = "FT0511";
    internal const string Untrusted = "FT0512";
    internal const string OtherProtocol = "FT0513";
    internal const string KeyRefused = "FT0514";
    internal const string NoPath = "FT0515";
    internal const string Redirect = "FT0516";
    internal const string NoApi = "FT0517";
    internal const string NoModel = "FT0518";
    internal const string Refused = "FT0520";

    /// <summary>Refuses what is no answer of the API.</summary>
    /// <param name="answer">Head and body.</param>
    /// <param name="service">Who answered.</param>
    /// <param name="path">What was asked, from <c>/v1</c> on.</param>
    /// <exception cref="FaultMatrixException">FT0514 to FT0518, FT0520.</exception>
    public static void MustBeAnswer((ResponseHead Head, byte[] Body) answer, FrontendEndpoint service, string path)
    {
        ArgumentNullException.ThrowIfNull(service);
        var (head, body) = answer;
        var facts = AnswerReader.Read(body, new());
        var asked = $"{service.BaseAddress.GetLeftPart(UriPartial.Authority)}{service.BaseAddress.AbsolutePath.TrimEnd('/')}{path}";
        var said = service.Headers.Hide(AnswerTrouble.Refusal(body, head, facts.Error));
        var isPage = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 64)]).TrimStart().StartsWith('<');
        if (head.Status == 200 && facts is { WellFormed: true, Error: null } && (facts.HasChoice || path.EndsWith("models", StringComparison.Ordinal)))
        {
            return;
        }

        throw head.Status switch
        {
            401 or 403 => new FaultMatrixException(
                KeyRefused,
                $"{asked} refuses {(service.Headers.Lines.IsEmpty ? "a request without an API key" : "the API key or the headers")}: {said}"),
            >= 300 and <= 399 => new FaultMatrixException(
                Redirect, $"{asked} redirects{(head.Location is { } to ? $" to {SecretText.Hide(service.Headers.Hide(to))}" : "")}; name the address that answers itself"),
            404 when facts is { WellFormed: true, Error: not null } && said.Contains("model", StringComparison.OrdinalIgnoreCase) =>
                new FaultMatrixException(NoModel, $"{asked} does not have the model: {said}"),
            404 or 405 => new FaultMatrixException(
                NoPath, $"{asked} is not there (HTTP {head.Status}); the address is what comes before {path}"),
            200 when isPage => new FaultMatrixException(NoApi, $"{asked} answers with a page (HTML or XML), not with JSON"),
            200 => new FaultMatrixException(NoApi, $"{asked} answers what is no completion: {(facts.WellFormed ? "JSON without choices" : "no JSON")}"),
            _ => new FaultMatrixException(Refused, $"{asked} refuses a request of one token: {said}"),
        };
    }
}
