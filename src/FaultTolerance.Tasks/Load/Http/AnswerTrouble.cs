using System.Text;
using FaultTolerance.Load.Classification;

namespace FaultTolerance.Load.Http;

/// <summary>Names answers with status 200 that are not what was asked for.</summary>
internal static class AnswerTrouble
{
    private const int LongestText = 300;

    /// <summary>Refuses an encoded answer. Of one with another status, an error page perhaps, the status says enough.</summary>
    public static void MustBePlain(in ResponseHead head)
    {
        if (head is { Status: 200, Encoding: { } encoding })
        {
            throw new HttpFormatException($"the answer is encoded as {encoding}, which was not asked for");
        }
    }

    /// <summary>
    /// What an answer with another status than 200 says: services have several states with one status, and tell them apart in the body.
    /// </summary>
    public static string Refusal(ReadOnlySpan<byte> body, in ResponseHead head, ToldError? error) =>
        head.Encoding is { } encoding ? $"HTTP {head.Status}, encoded as {encoding}"
        : body.IsEmpty ? $"HTTP {head.Status} with an empty body"
        : $"HTTP {head.Status}: {error?.Text ?? ForeignText.Line(Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestText)]))}";

    /// <summary>What a body is that is no JSON.</summary>
    public static string NoJson(ReadOnlySpan<byte> body, in ResponseHead head) =>
        head.EventStream ? "the answer is a stream of events, which was not asked for"
        : body.IsEmpty ? "the body is empty"
        : body.StartsWith("\uFEFF"u8) ? "the body begins with a byte order mark, which is no JSON"
        : body[0] == '<' ? "the body is a page (HTML or XML), not JSON"
        : "the body is not JSON";
}
