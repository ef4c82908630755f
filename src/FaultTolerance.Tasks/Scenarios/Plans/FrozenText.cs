using System.Security.Cryptography;
using System.Text;

namespace FaultTolerance.Scenarios.Plans;

/// <summary>
/// A text as it was when a run was made. What holds a secret is not copied into the results: of that the hash alone is kept, and the file
/// itself has to be unchanged when it is needed.
/// </summary>
/// <param name="Hash">SHA-256 of its UTF-8 bytes, in hex.</param>
internal sealed record FrozenText(string Hash)
{
    /// <summary>The text; null where it holds what looks like a secret.</summary>
    public string? Text { get; init; }

    /// <summary>Freezes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isSecret">Whether it holds what looks like a secret.</param>
    public static FrozenText Of(string text, bool isSecret) => new(HashOf(text)) { Text = isSecret ? null : text };

    /// <summary>SHA-256 of a text's UTF-8 bytes, in hex.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The text as it was.</summary>
    /// <param name="now">Reads it where the plan does not hold it.</param>
    /// <param name="what">What it is, for the message: <c>the manifest '…'</c>.</param>
    /// <exception cref="FaultMatrixException">FT0121: the plan does not hold it, and it is not as it was.</exception>
    public string Thaw(Func<string> now, string what)
    {
        ArgumentNullException.ThrowIfNull(now);
        if (Text is not null)
        {
            return Text;
        }

        return now() is var text && HashOf(text) == Hash
            ? text
            : throw new FaultMatrixException(
                "FT0121",
                $"{what} holds what looks like a secret, so the run's plan has no copy of it, and it was changed since the run began; "
                + "put it back, or begin a new run"
            );
    }
}
