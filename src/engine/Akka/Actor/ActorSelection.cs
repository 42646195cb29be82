using Akka.Event;

namespace Akka.Actor;

/// <summary>Actors by path, looked up anew for every message; the path may hold .., * and ?.</summary>
public class ActorSelection : ICanTell
{
    static readonly SelectChildRecursive Recursive = new();

    public ActorSelection()
    {
        Anchor = ActorRefs.Nobody;
        Path = [];
    }

    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Length == 0 ? [] : path.Split('/'))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
        : this(anchor, Parse(elements))
    {
    }

    public IActorRef Anchor { get; private set; }

    public SelectionPathElement[] Path { get; private set; }

    public string PathString => "/" + string.Join("/", (object[])Path);

    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.GetCurrentSelfOrNoSender();
        ArgumentNullException.ThrowIfNull(message);
        DeliverSelection((IInternalActorRef)Anchor, sender, new ActorSelectionMessage(message, Path));
    }

    /// <exception cref="ActorNotFoundException">No actor answered in time, or there is none.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <exception cref="ActorNotFoundException">No actor answered in time, or there is none.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null!), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"subject was null: no actor at {this}");
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            throw new ActorNotFoundException("Exception ocurred while resolving ActorSelection", e);
        }
    }

    public override bool Equals(object? obj) => obj is ActorSelection other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Anchor, Path.Length);

    public override string ToString() =>
        $"ActorSelection[Anchor({Anchor.Path}{(Anchor.Path.Uid == 0 ? "" : "#" + Anchor.Path.Uid)}), "
            + $"Path({PathString})]";

    protected bool Equals(ActorSelection other) => Equals(Anchor, other.Anchor) && Path.SequenceEqual(other.Path);

    /// <summary>Walks from the anchor as far as it goes in this process, and hands the message on from there.</summary>
    internal static void DeliverSelection(IInternalActorRef anchor, IActorRef? sender, ActorSelectionMessage selection)
    {
        var current = anchor;
        for (var i = 0; i < selection.Elements.Length; i++)
        {
            if (current is not ActorRefWithCell withCell)
            {
                // Not one of ours to walk through (a remote actor, say): it goes on there.
                current.Tell(selection.Copy(elements: selection.Elements[i..]), sender);
                return;
            }

            switch (selection.Elements[i])
            {
                case SelectParent:
                    current = withCell.Parent.IsNobody() ? withCell : withCell.Parent;
                    break;
                case SelectChildName { Name: var name }:
                    var child = withCell.GetSingleChild(name);
                    if (child.IsNobody())
                    {
                        if (!selection.WildCardFanOut)
                            Missing(withCell, selection.Elements[i..]).Tell(selection, sender);
                        return;
                    }

                    current = child;
                    break;
                case SelectChildPattern pattern:
                    FanOut(withCell, pattern, selection, i, sender);
                    return;
                case SelectChildRecursive:
                    FanOut(withCell, null, selection, i, sender);
                    return;
            }
        }

        current.Tell(selection.Message, sender);
    }

    static void FanOut(ActorRefWithCell parent, SelectChildPattern? pattern, ActorSelectionMessage selection, int at,
        IActorRef? sender)
    {
        var rest = selection.Elements[(at + 1)..];
        var matching = parent.Children.Where(c => pattern is null || pattern.Matches(c.Path.Name)).ToArray();
        if (matching.Length == 0 && !selection.WildCardFanOut)
        {
            Missing(parent, selection.Elements[at..]).Tell(selection, sender);
            return;
        }

        foreach (var child in matching)
        {
            if (rest.Length == 0 || pattern is null)
                child.Tell(selection.Message, sender);
            if (pattern is null)
                DeliverSelection((IInternalActorRef)child, sender,
                    selection.Copy(elements: [Recursive], wildCardFanOut: true));
            else if (rest.Length > 0)
                DeliverSelection((IInternalActorRef)child, sender,
                    selection.Copy(elements: rest, wildCardFanOut: true));
        }
    }

    static EmptyLocalActorRef Missing(ActorRefWithCell at, SelectionPathElement[] rest) =>
        new(at.Provider, at.Path / rest.Select(e => e.ToString()!),
            ((ActorSystem)((ActorCell)at.Underlying).System).EventStream);

    static SelectionPathElement[] Parse(IEnumerable<string> elements)
    {
        var result = new List<SelectionPathElement>();
        foreach (var element in elements)
            switch (element)
            {
                case "":
                    break;
                case "..":
                    result.Add(new SelectParent());
                    break;
                case "**":
                    result.Add(Recursive);
                    break;
                default:
                    result.Add(element.AsSpan().ContainsAny('*', '?')
                        ? new SelectChildPattern(element) : new SelectChildName(element));
                    break;
            }

        var recursive = result.IndexOf(Recursive);
        if (recursive >= 0 && recursive < result.Count - 1)
            throw new IllegalActorNameException("Double wildcard can only appear at the last path entry");
        return [.. result];
    }
}

/// <summary>Making selections.</summary>
public static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath actorPath, ActorSystem system) =>
        new(((ExtendedActorSystem)system).Provider.RootGuardianAt(actorPath.Address), actorPath.Elements);

    /// <param name="path">A whole path with address, one from the root ("/user/a"), or one relative to <paramref
    /// name="lookupRoot"/>.</param>
    /// <param name="system">The system whose actors are meant.</param>
    /// <param name="lookupRoot">Where a relative path begins.</param>
    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        if (path.Contains("://"))
            return ActorPath.TryParse(path, out var actorPath)
                ? ActorSelection(actorPath, system)
                : new ActorSelection(provider.DeadLetters, "");
        return path.StartsWith('/')
            ? new ActorSelection(provider.RootGuardian, path[1..])
            : new ActorSelection(lookupRoot, path);
    }

    public static ActorSelection ActorSelection(IActorRef anchorActorRef, string actorPath) =>
        new(anchorActorRef, actorPath);
}
