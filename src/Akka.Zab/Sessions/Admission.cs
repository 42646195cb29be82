using Akka.Zab.Client;

namespace Akka.Zab.Sessions;

/// <summary>Whom a server serves.</summary>
internal enum Service
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>It has no leader: clients that accept to be read-only ones.</summary>
    ReadOnly,

    /// <summary>Everybody.</summary>
    Full,
}

/// <summary>What becomes of a client that asks for a session.</summary>
internal enum Admission
{
    /// <summary>Its question waits until the server serves.</summary>
    Wait,

    /// <summary>This server is not for it; another may be.</summary>
    TurnAway,

    /// <summary>It is told that the session it asks for is over.</summary>
    Expired,

    /// <summary>It gets a session of the ensemble, opened by a transaction.</summary>
    Open,

    /// <summary>It says which session is its own, and the leader decides.</summary>
    Reattach,

    /// <summary>It gets a session that only this server knows.</summary>
    OpenLocal,

    /// <summary>It gets back such a session.</summary>
    ReattachLocal,

    /// <summary>
    /// It asks for a session that is not one of this server's own, and there is no leader to ask. If the tree has it, it
    /// may be alive and the client is turned away; otherwise it is over.
    /// </summary>
    LookUp,
}

/// <summary>Decides what becomes of a client that asks for a session.</summary>
internal static class Admissions
{
    /// <param name="service">Whom the server serves.</param>
    /// <param name="localSessions">Whether sessions are local ones at first.</param>
    /// <param name="request">What the client asks for.</param>
    /// <param name="own">The session that it asks for, if that is a local one of this server's.</param>
    public static Admission Decide(Service service, bool localSessions, Connect request, LocalSession? own)
    {
        if (service == Service.None) return Admission.Wait;
        if (service == Service.ReadOnly && !request.ReadOnlyAllowed) return Admission.TurnAway;
        // While there is no leader, no transaction can open a session.
        var local = localSessions || service == Service.ReadOnly;
        if (request.SessionId == 0) return local ? Admission.OpenLocal : Admission.Open;
        if (own is null) return service == Service.ReadOnly ? Admission.LookUp : Admission.Reattach;
        if (!own.IsSecret(request.Secret)) return Admission.Expired;
        // One that was opened while there was no leader becomes one of the ensemble when there are no others.
        return local ? Admission.ReattachLocal : Admission.Open;
    }
}
