/** A menu that opens from a button, as axe and a screen reader want it; what is in it is Mantine's `Menu.*`. */
import { Menu, type MenuProps } from '@mantine/core';

// Outside the landmarks of the page nobody who goes from one to the next would come by.
const IN_MAIN = { target: '#content' };

export function ActionMenu(props: MenuProps) {
  // The library's placeholder for the first focus is a child that a menu may not have.
  return <Menu shadow="md" withInitialFocusPlaceholder={false} portalProps={IN_MAIN} {...props} />;
}
