using System.Globalization;
using System.Text.Json;

namespace FaultTolerance.Load.Classification;

/// <summary>An error that a service tells in the body of an answer whose status is 200.</summary>
/// <param name="Code">Its HTTP code; 0 where it tells none.</param>
/// <param name="Text">What it says, as it says it.</param>
internal sealed record ToldError(int Code, string Text)
{
    private static readonly string[] CodeKeys = ["code", "status", "status_code"];

    /// <summary>
    /// Reads a JSON value: <c>{"error": …}</c>, <c>{"object": "error", "code": …}</c>, or an object with a code or a message at its top.
    /// A code may be a number or its digits in a string.
    /// </summary>
    public static ToldError Of(JsonElement value)
    {
        var said = value;
        if (
            value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("error", out var inner)
            && inner.ValueKind != JsonValueKind.Null
        )
        {
            said = inner;
        }

        return new(Number(said) is > 0 and var code ? code : Number(value), said.ToString());
    }

    private static int Number(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var key in CodeKeys)
            {
                if (
                    value.TryGetProperty(key, out var code)
                    && int.TryParse(code.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number is >= 100 and <= 599
                )
                {
                    return number;
                }
            }
        }

        return 0;
    }
}
