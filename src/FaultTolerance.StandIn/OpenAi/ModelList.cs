using FaultTolerance.StandIn.Hosting;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.OpenAi;

/// <summary>A model as <c>/v1/models</c> lists it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Owner">Who serves it.</param>
/// <param name="ContextWindow">Tokens; null where the server does not tell.</param>
internal sealed record ListedModel(string Id, long Created, string Owner, int? ContextWindow = null);

/// <summary>The answer of <c>/v1/models</c>.</summary>
internal static class ModelList
{
    /// <summary>Answers with a list of models.</summary>
    public static Task AnswerAsync(HttpContext context, IEnumerable<ListedModel> models) =>
        HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var model in models)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, model.Id);
                json.WriteString("object"u8, "model"u8);
                json.WriteNumber("created"u8, model.Created);
                json.WriteString("owned_by"u8, model.Owner);
                if (model.ContextWindow is { } window)
                {
                    json.WriteNumber("context_window"u8, window);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
