using Akka.Configuration;

namespace Akka.Actor;

/// <summary>The sections of akka.actor.deployment: settings of actors by their path below /user.</summary>
public class Deployer
{
    readonly List<(string[] Path, Deploy Deploy)> _deployments = [];

    public Deployer(Settings settings)
    {
        var section = settings.Config.GetConfig("akka.actor.deployment");
        if (section.IsNullOrEmpty())
            return;
        foreach (var (path, _) in section.AsEnumerable())
        {
            if (path == "default")
                continue;
            var config = section.GetConfig("\"" + path + "\"");
            if (!config.IsNullOrEmpty())
                SetDeploy(ParseConfig(path, config));
        }
    }

    /// <summary>Null if the configuration does not mention the actor.</summary>
    public Deploy? Lookup(ActorPath path) =>
        _deployments.Count > 0 && path.Elements is { Count: > 1 } elements && elements[0] == "user"
            ? Lookup(elements.Skip(1)) : null;

    public Deploy? Lookup(IEnumerable<string> path)
    {
        if (_deployments.Count == 0)
            return null;
        var elements = path as string[] ?? [.. path];
        foreach (var (pattern, deploy) in _deployments)
            if (pattern.Length == elements.Length
                && pattern.Zip(elements).All(p => p.First == "*" || p.First == p.Second))
                return deploy;
        return null;
    }

    public void SetDeploy(Deploy deploy)
    {
        var path = deploy.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var element in path)
            if (element != "*" && !ActorPath.IsValidPathElement(element))
                throw new IllegalActorNameException($"akka.actor.deployment names '{deploy.Path}', which is not an "
                    + "actor's path.");
        // A path without wildcards goes before one with.
        _deployments.Insert(path.Contains("*") ? _deployments.Count : 0, (path, deploy));
    }

    protected virtual Deploy ParseConfig(string key, Config config)
    {
        var router = config.GetString("router", "from-code");
        if (router is not ("" or "from-code" or "Akka.Routing.NoRouter"))
            throw new ConfigurationException(
                $"akka.actor.deployment of {key} asks for router '{router}'; the bundled engine has no routers "
                    + "(Akka.NET itself has).");
        if (config.GetString("remote", "") is { Length: > 0 } remote)
            throw new ConfigurationException(
                $"akka.actor.deployment of {key} asks for deployment at {remote}; the bundled engine starts actors "
                    + "locally only.");
        return new Deploy(key, config, Deploy.NoScopeGiven, config.GetString("dispatcher", ""),
            config.GetString("mailbox", ""),
            config.GetInt("stash-capacity", Deploy.NoStashSize));
    }
}

/// <summary>A path in the configuration is none.</summary>
public class IllegalActorNameException(string message) : AkkaException(message);
