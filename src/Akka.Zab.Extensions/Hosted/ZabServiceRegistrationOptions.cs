using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Extensions;

/// <summary>What an application says of itself in a <see cref="ZabServiceRegistry"/>.</summary>
public sealed class ZabServiceRegistrationOptions
{
    /// <summary>The registry's znode. Default <c>/services</c>.</summary>
    public string RegistryPath { get; set; } = "/services";

    /// <summary>The service that this is an instance of: one component of a path. Required.</summary>
    public string Service { get; set; } = "";

    /// <summary>
    /// The instance's name, unique within the service: one component of a path. Default the machine's name and the
    /// number of the process.
    /// </summary>
    public string Id { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Where it is reached. Required.</summary>
    public Uri? Address { get; set; }

    /// <summary>How much of the load it should get, relative to the others. Default 1.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Whatever else the service's users want to know.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether the instance says that it is healthy only while the application's health checks do not say
    /// <c>Unhealthy</c>. Default false: it always does.
    /// </summary>
    public bool ReportHealth { get; set; }

    /// <summary>How often the health checks are asked. Default 5 s.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal ServiceInstance ToInstance()
    {
        if (Service.Length == 0) throw Missing(nameof(Service), "the service that this is an instance of");
        if (Address is null) throw Missing(nameof(Address), "where the instance is reached");
        return new ServiceInstance(Id, Address) { Weight = Weight, Metadata = Metadata.AsReadOnly() };
    }

    private static InvalidOperationException Missing(string property, string meaning) =>
        new($"{nameof(ZabServiceRegistrationOptions)}.{property} is missing: {meaning}.");
}
