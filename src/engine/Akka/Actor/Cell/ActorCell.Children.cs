using Akka.Actor.Internal;

namespace Akka.Actor;

public partial class ActorCell
{
    readonly ChildTable _children = new();

    internal ChildTable ChildTable => _children;

    internal bool IsTerminating => _children.IsTerminating;

    internal bool IsNormal => _children.IsNormal;

    public IActorRef ActorOf(Props props, string? name = null) => MakeChild(props, name, isSystemService: false);

    public virtual IActorRef AttachChild(Props props, bool isSystemService, string? name = null) =>
        MakeChild(props, name, isSystemService);

    IActorRef IActorContext.Child(string name) => _children.Find(name)?.Child ?? (IActorRef)ActorRefs.Nobody;

    public void Stop(IActorRef child)
    {
        _children.ShallDie(child);
        ((IInternalActorRef)child).Stop();
    }

    IEnumerable<IActorRef> IActorContext.GetChildren() => _children.Children();

    public IEnumerable<IInternalActorRef> GetChildren() => _children.Children();

    /// <summary>By "name" or "name#uid"; Nobody if there is none.</summary>
    public IInternalActorRef GetSingleChild(string name)
    {
        var hash = name.IndexOf(ActorPath.UidDelimiter);
        if (hash < 0)
            return _children.Find(name)?.Child ?? ActorRefs.Nobody;
        var child = _children.Find(name[..hash])?.Child;
        return child is not null && long.TryParse(name.AsSpan(hash + 1), out var uid)
            && (uid == UndefinedUid || uid == child.Path.Uid)
            ? child
            : ActorRefs.Nobody;
    }

    IActorRef MakeChild(Props props, string? name, bool isSystemService)
    {
        if (name is not null)
            CheckName(name);
        else
            name = _children.NextName();
        _children.Reserve(name);
        IInternalActorRef actor;
        try
        {
            var path = new ChildActorPath(_self.Path, name, NewUid());
            actor = _systemImpl.Provider.ActorOf(_systemImpl, props, _self, path, isSystemService, deploy: null,
                lookupDeploy: true, async: false);
        }
        catch
        {
            _children.Unreserve(name);
            throw;
        }

        // Started only when its parent knows it: it may fail, and then its parent must find it.
        StartChild(actor);
        return actor;
    }

    /// <summary>The first half of giving this actor a child that the provider does not make.</summary>
    internal ActorPath ReserveChild(string name)
    {
        _children.Reserve(name);
        return new ChildActorPath(_self.Path, name, NewUid());
    }

    /// <summary>The second half.</summary>
    internal void StartChild(IInternalActorRef child)
    {
        _children.Init(child);
        child.Start();
    }

    void SuspendChildren(IActorRef? exceptFor = null)
    {
        foreach (var child in _children.Children())
            if (!child.Equals(exceptFor))
                child.Suspend();
    }

    void ResumeChildren(Exception? causedByFailure, IActorRef? perpetrator)
    {
        foreach (var child in _children.Children())
            child.Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }

    void StopChildren()
    {
        foreach (var child in _children.Children())
            Stop(child);
    }

    internal static long NewUid() => Random.Shared.Next(1, int.MaxValue);

    static void CheckName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("An actor's name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException($"'{name}' is no valid name for an actor: it must consist of ASCII "
                + $"letters, digits and {ActorPath.ValidSymbols} or %xx escapes, and must not begin with '$'.");
    }
}
