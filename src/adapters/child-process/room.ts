import type { CgroupFolder } from "./cgroup-folder.ts";

/** Where attempts get their cgroups, and where this process sits meanwhile. */
export type Room = { home: CgroupFolder; seat: CgroupFolder };

/** Also what `DelegateSubgroup=` of a systemd unit should name, if it is used. */
const seatName = "supervisor";

/** What was found, as it is. */
export function roomAt(own: CgroupFolder): Room {
  return own.name === seatName ? { home: own.parent, seat: own } : { home: own, seat: own };
}

/**
 * Has the kernel measure and limit each attempt, where it lets us. It does so only for the children of a cgroup that
 * no process is in itself: so we move to a seat beside them, unless somebody else is there, who would stay.
 */
export function takeRoom(own: CgroupFolder, self: number): Room {
  const room = roomAt(own);
  const wanted = ["memory", "pids", "cpu"].filter((name) => room.home.controllers().includes(name));
  if (wanted.length === 0 || room.home.control(wanted)) return room;
  if (room.seat !== room.home || room.home.ownPids().some((pid) => pid !== self)) return room;
  const seat = room.home.makeChild(seatName);
  if (!seat?.take(self)) return room;
  if (room.home.control(wanted)) return { home: room.home, seat };
  room.home.take(self);
  seat.remove();
  return room;
}
