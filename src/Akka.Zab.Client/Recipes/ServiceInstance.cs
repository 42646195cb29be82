using System.Text.Json.Serialization;

namespace Akka.Zab.Client.Recipes;

/// <summary>One running instance of a service.</summary>
/// <param name="Id">Its name, unique within the service; one component of a path.</param>
/// <param name="Address">Where it is reached.</param>
public sealed record ServiceInstance(string Id, Uri Address)
{
    /// <summary>How much of the load it should get, relative to the others; at least 0. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whatever else the service's users want to know: its version, its zone.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it says that it can serve. Default true.</summary>
    public bool Healthy { get; init; } = true;
}

[JsonSerializable(typeof(ServiceInstance))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ServiceInstanceJson : JsonSerializerContext;
