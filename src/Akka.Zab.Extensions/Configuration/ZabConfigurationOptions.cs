using Akka.Zab.Client;

namespace Akka.Zab.Extensions;

/// <summary>What the values of a configuration are made from.</summary>
public enum ZabConfigurationFormat
{
    /// <summary>
    /// A znode for each value: the path below the root is the key, a slash its colon, and the data its value, in UTF-8.
    /// Znodes without data that have others below them are sections.
    /// </summary>
    Subtree,

    /// <summary>One znode whose data is a JSON object, as in <c>appsettings.json</c>.</summary>
    Json,
}

/// <summary>What <c>AddZab</c> adds to an application's configuration.</summary>
public sealed class ZabConfigurationOptions
{
    /// <summary>
    /// The servers as ZooKeeper's clients name them, such as <c>host1:2181,host2:2181/app</c>. Required, unless
    /// <see cref="Connect"/> is set.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>How to connect over ZooKeeper's protocol; null for the defaults.</summary>
    public ZabClientOptions? ClientOptions { get; set; }

    /// <summary>
    /// Opens a client of the configuration's own, in place of <see cref="ConnectionString"/>; called again when its
    /// session has ended.
    /// </summary>
    public Func<CancellationToken, Task<ZabClient>>? Connect { get; set; }

    /// <summary>The root of the subtree, or the znode with the document. Required.</summary>
    public string Path { get; set; } = "";

    /// <summary>What is there. Default <see cref="ZabConfigurationFormat.Subtree"/>.</summary>
    public ZabConfigurationFormat Format { get; set; }

    /// <summary>
    /// Whether the application starts without it, when the znode does not exist, cannot be read, or no server answers
    /// within <see cref="LoadTimeout"/>. Default false: it does not start, with a sentence that says why.
    /// </summary>
    public bool Optional { get; set; }

    /// <summary>
    /// Whether the configuration follows the znodes: then it also comes later if it was not to be had at first.
    /// Default true.
    /// </summary>
    public bool ReloadOnChange { get; set; } = true;

    /// <summary>How long the first values are waited for. Default 15 s.</summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Told what keeps later values from coming: a lost session, a document that is none. The last values stay. It may
    /// be called by any thread.
    /// </summary>
    public Action<Exception>? OnError { get; set; }
}
