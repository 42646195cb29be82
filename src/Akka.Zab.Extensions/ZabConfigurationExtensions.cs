using Akka.Zab.Extensions;

namespace Microsoft.Extensions.Configuration;

/// <summary>Adds configuration that is in the ensemble.</summary>
public static class ZabConfigurationExtensions
{
    /// <summary>
    /// Adds the values of a subtree, or of a znode with a JSON document, and follows their changes. The last values
    /// stay when the connection is lost.
    /// </summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="configure">Says where.</param>
    /// <exception cref="ArgumentException">The options lack something; the message says what.</exception>
    public static IConfigurationBuilder AddZab(
        this IConfigurationBuilder builder, Action<ZabConfigurationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ZabConfigurationOptions();
        configure(options);
        return builder.Add(new ZabConfigurationSource(options));
    }

    /// <summary>Adds the values of a subtree, and follows their changes.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="connectionString">Such as <c>host1:2181,host2:2181/app</c>.</param>
    /// <param name="path">The root of the subtree.</param>
    /// <param name="optional">Whether the application starts without it.</param>
    /// <exception cref="ArgumentException">Something of that is malformed; the message says what.</exception>
    public static IConfigurationBuilder AddZab(
        this IConfigurationBuilder builder, string connectionString, string path, bool optional = false) =>
        builder.AddZab(options =>
        {
            options.ConnectionString = connectionString;
            options.Path = path;
            options.Optional = optional;
        });
}
