using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.Configuration;

namespace Akka.Zab.Extensions;

/// <summary>A source of configuration that is in the ensemble.</summary>
/// <param name="options">Where.</param>
internal sealed class ZabConfigurationSource(ZabConfigurationOptions options) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        if (options.Connect is null && string.IsNullOrWhiteSpace(options.ConnectionString))
            throw Missing(nameof(options.ConnectionString), "such as host1:2181,host2:2181");
        if (options.Path.Length == 0) throw Missing(nameof(options.Path), "the znode that the configuration is in");
        Paths.Check(options.Path);
        if (options.Connect is null) Client.Transport.ConnectString.Parse(options.ConnectionString!);
        return new ZabConfigurationProvider(options, options.Connect ?? (cancellation =>
            ZabClient.ConnectAsync(options.ConnectionString!, options.ClientOptions, cancellation)));
    }

    private static ArgumentException Missing(string property, string meaning) =>
        new($"{nameof(ZabConfigurationOptions)}.{property} is missing: {meaning}.");
}
